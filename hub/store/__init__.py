"""The database: schema, migrations, bulk writing, and the views that downstream reads."""
