"""What is typed, pasted or shared where nothing was asked."""
