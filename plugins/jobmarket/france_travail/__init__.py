"""All that knows the France Travail API, and nothing that knows PostgreSQL.

``hook`` speaks HTTP, ``partition`` cuts a day under the API's cap (pure), ``extraction`` reads every
slice of a day into the lake and proves it complete, ``offer`` is the contract: API offer -> typed rows (pure).
"""
