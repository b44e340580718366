"""Regional integration: what published survey figures can mean, and what theory makes of them."""
