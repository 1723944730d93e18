"""The portal that trade unions run to know their members and give them cards."""
