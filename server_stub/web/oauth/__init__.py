"""The OAuth front doors: RFC 8628, 7009 and 7662, and Zoho's words for them."""
