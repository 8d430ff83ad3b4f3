"""What stands beside the digits of a text and tells what they are: a telephone number, or something else.

Patterns only. What they decide lives in ``number``.
"""

from __future__ import annotations

import re

# A word that says that a number follows.
CUE = re.compile(
    r"(?:\b(?:t[ée]l(?:[ée]phone|s)?|phone|gsm|fax|t[ée]l[ée]copie|portable|port|mobile|whatsapp|sms|standard|ligne"
    r"|num[ée]ro\svert|joindre|joignable|appele[rz]|appel|contacte[rz])\b|[☎☏📞📱📲✆🤙])"
    r"(?:\s|[.:()\[\]=/;,>*|‪‎\u200b-]|n°|\b(?:num[ée]ro|fixe|portable|mobile|direct|directe|pro|perso|au|est|le|is|suivant"
    r"|nous|moi|me|accueil|bureau|cabinet|agence|rh|de|du|service|recrutement)\b){0,12}[+(]{0,2}$",
    re.IGNORECASE,
)
# One beside which nine to fifteen digits from a zero are a number: « Tél. 02 123 45 67 ».
STRONG_CUE = re.compile(
    r"(?:\b(?:t[ée]l(?:[ée]phone|s)?|phone|gsm|fax|whatsapp|num[ée]ro\svert)\b|[☎☏📞📱📲✆])"
    r"(?:\s|[.:()=/-]|n°|\b(?:num[ée]ro|fixe|portable|au|est|le)\b){0,6}[+(]{0,2}$",
    re.IGNORECASE,
)
CUE_REACH = 48
# What is a number of something else.
IDENTIFIER = re.compile(
    r"\b(?:r[ée]f(?:[ée]rences?|s)?|siret|siren|rcs|naf|ape|rome|rncp|finess|iban|rib|tva|nda|matricule|code|compte"
    r"|adeli|rpps|uai|orias|rna|isbn|ean|identifiant|id|agr[ée]ment|dossier|num[ée]ro\sd['’e]\s?\w+"
    r"|(?:offre|annonce|contrat|commande|client|lot|article|s[ée]rie)\s?n[°ºo]?)"
    r"(?:\s|[.:#=(/-]|n[°ºo]|\bde\b|\bl['’]offre\b|\bnum[ée]ro\b){0,8}$",
    re.IGNORECASE,
)
PLACES = re.compile(
    r"\b(?:d[ée]pt?s?|d[ée]partements?|secteurs?|zones?|r[ée]gions?|lots?|niveaux?|cat[ée]gories?|classes?)\b[^\d\n]{0,20}"
    r"(?:\d\d\W{1,3}){0,40}$",
    re.IGNORECASE,
)
AMOUNT = re.compile(
    r"\s?(?:€|euros?\b|eur\b|k€|m€|%|m²|m2\b|km\b|kg\b|clients?\b|habitants?\b)", re.IGNORECASE
)
ADDRESS = re.compile(r"(?:\w://|\bwww\.|[\w-]\.[a-z]{2,10}/)[^\s\"<>]*$", re.IGNORECASE)
ADDRESS_OF_NUMBER = re.compile(
    r"(?:wa\.me/|[/?&;](?:phone|tel|telephone|mobile|gsm|num|number)=|tel:|callto:|sms:|whatsapp:)(?:%2b|\+)?(?://)?$",
    re.IGNORECASE,
)
ADDRESS_REACH = 200
