"""Live names for completion: the cache, its files, and Tab in another shell."""
