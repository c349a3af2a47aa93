"""From a query to ranked passages and figures."""
