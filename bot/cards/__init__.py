"""From values to cards. Pure: nothing here asks anyone for anything."""
