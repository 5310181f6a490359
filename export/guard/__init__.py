"""The guard: how much retrieval a smaller precision loses, and which precision to take."""
