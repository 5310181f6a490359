"""What is known of images beside their vectors, and found by: facts, columns, tags, copies."""
