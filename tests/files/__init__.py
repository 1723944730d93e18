"""What comes in as bytes: packages, workbooks, photos, kept files."""
