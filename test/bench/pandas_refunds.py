"""The job of a night as a pandas script: both sides read, joined by refund id, matches and findings written.

python3 pandas_refunds.py LISTING REPORT OUT
LISTING: the address of Layer's listing, or a file with its refunds, one JSON object a line. REPORT: an itemized CSV
report of Stripe's. OUT: a folder.
"""

import json
import os
import sys
import urllib.request

import pandas as pd

listing, report, out = sys.argv[1:4]


def pulled(address):
    """The refunds of all pages, each asked for when the one before has come."""
    following = address
    while following is not None:
        asked = urllib.request.Request(following, headers={"authorization": "Bearer " + os.environ["LAYER_TOKEN"]})
        with urllib.request.urlopen(asked) as answer:
            page = json.load(answer)
        yield from page["data"]
        pagination = page["meta"]["pagination"]
        following = f"{address}?cursor={pagination['cursor']}" if pagination["has_more"] else None


def read(path):
    with open(path, encoding="utf-8") as lines:
        for line in lines:
            yield json.loads(line)


# json.loads and tuples of what is needed: several times faster than read_json and json_normalize.
legs = []
for refund in pulled(listing) if listing.startswith("http") else read(listing):
    for leg in refund["payments"]:
        legs.append(
            (
                refund["id"],
                leg["id"],
                leg["external_id"],
                leg["processor"],
                leg["refunded_amount"],
                leg["fee"],
                leg["completed_at"],
            )
        )
ledger = pd.DataFrame(
    legs, columns=["ledger_id", "leg_id", "refund_id", "processor", "booked", "booked_fee", "booked_at"]
)
del legs

rows = pd.read_csv(
    report,
    usecols=["balance_transaction_id", "created_utc", "gross", "fee", "reporting_category", "source_id"],
    dtype={"gross": str, "fee": str},
)
rows = rows[rows["reporting_category"] == "refund"]
# "-12.34" to cents without a float
rows["paid"] = -rows["gross"].str.replace(".", "", regex=False).astype("int64")
rows["paid_fee"] = rows["fee"].str.replace(".", "", regex=False).astype("int64")
rows = rows.rename(columns={"source_id": "refund_id", "balance_transaction_id": "transaction_id"})

both = ledger.merge(
    rows[["transaction_id", "created_utc", "refund_id", "paid", "paid_fee"]],
    on="refund_id",
    how="outer",
    indicator=True,
)
matched = both["_merge"] == "both"
different = matched & ((both["booked"] != both["paid"]) | (both["booked_fee"] != both["paid_fee"]))
both["code"] = ""
both.loc[both["_merge"] == "left_only", "code"] = "MISSING_AT_PROCESSOR"
both.loc[both["_merge"] == "right_only", "code"] = "MISSING_IN_LEDGER"
both.loc[different, "code"] = "AMOUNT_MISMATCH"
findings = both[both["code"] != ""]
both.loc[matched, ["ledger_id", "leg_id", "refund_id", "transaction_id", "booked", "paid"]].to_csv(
    f"{out}/matches.csv", index=False
)
findings.drop(columns="_merge").to_csv(f"{out}/findings.csv", index=False)
print(json.dumps({"matches": int(matched.sum()), "findings": len(findings)}))
