"""Checks the proof for one case: check_proof.py PROOF.json PRINTED_HASH [RECEIPT]

Written from docs/reference/proofs.md alone, with nothing but Python's own library.
"""
import hashlib
import json
import sys

LETTERS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"


def sha(*parts):
    return hashlib.sha256(b"".join(parts)).digest()


def sized(text):
    return len(text.encode()).to_bytes(8, "big") + text.encode()


def canonical(value):
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def receipt_of(first_hash):
    bits = int.from_bytes(first_hash, "big") >> 181
    values = [bits >> 5 * place & 31 for place in range(14, -1, -1)]
    doubled = [value * (2 - n % 2) for n, value in enumerate(reversed(values))]
    check = -sum(value // 32 + value % 32 for value in doubled) % 32
    return "".join(LETTERS[value] for value in values + [check])


def check(proof, printed, receipt=None):
    point, case = proof["checkpoint"], proof["case"]
    assert proof["v"] == point["v"] == 1, "another format"
    assert sha(b"grievance checkpoint v1\n", canonical(point)).hex() == printed, "another checkpoint"

    before = bytes(32)
    for version, event in enumerate(proof["events"], 1):
        found, it = bytes.fromhex(event["hash"]), event.get("content")
        assert (it is None) == ("digest" in event), "neither open nor closed"
        if it:
            head = sized(point["tenant"]) + sized(case) + version.to_bytes(8, "big")
            head += it["at"].to_bytes(8, "big", signed=True) + sized(it["actor"]) + bytes.fromhex(it["rulebook"])
            digest = sha(b"grievance content v2\n", head, sized(it["body"]))
            first_format = sha(b"grievance event v1\n", head, before, sized(it["body"]))
        else:
            digest, first_format = bytes.fromhex(event["digest"]), None
        assert found in (sha(b"grievance event v2\n", before, digest), first_format), f"event {version} was changed"
        before = found
        if version == proof["version"]:
            node = sha(b"\0", bytes.fromhex(case[4:]), version.to_bytes(8, "big"), found)
    assert 1 <= proof["version"] <= len(proof["events"]), "events are missing"

    place, last = proof["place"], point["cases"] - 1
    assert 0 <= place <= last, "no such place"
    for step in map(bytes.fromhex, proof["path"]):
        assert last > 0, "the path is too long"
        if place % 2 or place == last:
            node = sha(b"\1", step, node)
            while place and place % 2 == 0:
                place, last = place >> 1, last >> 1
        else:
            node = sha(b"\1", node, step)
        place, last = place >> 1, last >> 1
    assert last == 0 and node.hex() == point["root"], "the case is not in the checkpoint"

    own = receipt_of(bytes.fromhex(proof["events"][0]["hash"]))
    typed = (receipt or own).upper().replace("-", "").replace(" ", "")
    assert typed.translate(str.maketrans("OIL", "011")) == own, "another receipt"
    return proof["version"]


if __name__ == "__main__":
    with open(sys.argv[1], encoding="utf-8") as file:
        covered = check(json.load(file), *sys.argv[2:])
    print(f"holds: {covered} events are covered")
