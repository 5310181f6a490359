"""What those who search leave in a library: thumbs, saved searches, pictures, answered texts."""
