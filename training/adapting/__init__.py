"""Fits a model to a domain: an adapter of its text vectors, learnt from pairs or from thumbs.

Needs neither PyTorch nor the network; seconds to minutes on a CPU.
"""
