"""What rules are written in: index sets, decisions and constraints held as arrays, and the matrix made of them."""
