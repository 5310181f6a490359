import numpy as np

from export.samples import agreement, embed, score_curves


def test_a_model_that_sees_gets_rising_curves(encoder):
    samples = embed(encoder, count=60)
    assert samples.images.shape == (60, encoder.dim)
    assert len(samples.texts) == len(samples.owner) > 180
    curves = score_curves(samples)
    assert curves["text"].scale > 5
    assert 0 < curves["text"].midpoint < 1
    same = agreement(samples, samples)
    assert np.allclose([same["vision"]["worst"], same["text"]["mean"]], 1, atol=1e-5)
