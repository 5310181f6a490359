"""What thumbs teach."""
