"""What Python and JavaScript both do, compared in a browser; needs no built book."""
