"""Work that is done again and again: what it is says `periodic`, and asyncio runs it in `on_asyncio`."""
