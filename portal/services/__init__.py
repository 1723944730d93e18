"""Use-cases: one public function = one transaction + its audit row."""
