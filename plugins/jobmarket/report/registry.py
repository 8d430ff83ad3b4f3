"""The analyses of the report, in the order in which they are read: add one here."""

from __future__ import annotations

from jobmarket.report.analyses import (
    contracts,
    days,
    employers,
    hours,
    partners,
    pay,
    places,
    reading_methods,
    stock,
    technologies,
    trades,
)

ANALYSES = (
    contracts.CONTRACTS,
    hours.HOURS,
    days.DAYS,
    stock.STOCK,
    stock.STOCK_FLOWS,
    stock.STOCK_LIVES,
    places.PLACES,
    places.TOP_PLACES,
    places.WIDER_PLACES,
    reading_methods.PLACE_METHODS,
    trades.TRADES,
    trades.TRADES_UP,
    trades.TRADES_DOWN,
    pay.PAY,
    pay.PAY_TRADES,
    reading_methods.PAY_KINDS,
    technologies.TECHNOLOGIES,
    technologies.TECHNOLOGIES_UP,
    technologies.TECHNOLOGIES_DOWN,
    employers.EMPLOYERS,
    employers.AGENCIES,
    partners.PARTNERS,
)
