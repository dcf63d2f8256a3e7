"""Requests and answers without any noun: entry, routing, decoding, dialects, paging."""
