"""The recipe that trains, measures and exports the models bundled with Headlight."""
