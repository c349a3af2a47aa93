"""From texts to vectors: engines, and the building of the model."""
