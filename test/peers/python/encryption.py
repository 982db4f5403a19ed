"""Encrypted records by other means than ours: an implementation of docs/reference/encryption-format.md on `cryptography`.

    encryption.py vectors   prints test vectors, made with fixed keys and nonces
    encryption.py open      reads {"record", "privateKey", "signer"} lines and prints what is in the records
"""

import hashlib
import json
import struct
import sys

from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.hazmat.primitives.ciphers.aead import AESGCM, ChaCha20Poly1305

CIPHERS = {1: AESGCM, 2: ChaCha20Poly1305}


def oaep(label):
    return padding.OAEP(mgf=padding.MGF1(hashes.SHA256()), algorithm=hashes.SHA256(), label=label)


def pss():
    return padding.PSS(mgf=padding.MGF1(hashes.SHA256()), salt_length=32)


def fingerprint(public_key):
    der = public_key.public_bytes(serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)
    return hashlib.sha256(der).digest()


def signed_bytes(key_header, wrapped):
    return b'pvaflow encryption key 1\0' + key_header + wrapped


def associated(header, object_id, wrapped, signature):
    return header + struct.pack('<Q', object_id & (2**64 - 1)) + wrapped + signature


def nonce_of(header):
    return bytes(4) + header[80:88]


def pva_size(count):
    return struct.pack('<B', count) if count < 254 else struct.pack('<BI', 254, count)


def pva_text(text):
    encoded = text.encode()
    return pva_size(len(encoded)) + encoded


def content(description, value, array_at=None):
    """`array_at`: where in `value` a large array begins, which is to lie at a multiple of 64."""
    before = 8 + len(description)
    zeros = 0 if array_at is None else -(before + array_at) % 64
    return struct.pack('<BBHI', 0, zeros, 0, len(description)) + description + bytes(zeros) + value


def seal(number, secret, counter, object_id, plain, recipient, signer=None):
    signature_length = 0 if signer is None else signer.key_size // 8
    key_header = b'PVFE' + struct.pack(
        '<BBH16sQQIHH32s', 1, number, 0, bytes(range(16)), 1700000000000, 1700000001000, 1,
        recipient.key_size // 8, signature_length, fingerprint(recipient),
    )
    wrapped = recipient.encrypt(secret, oaep(key_header))
    signature = b'' if signer is None else signer.sign(signed_bytes(key_header, wrapped), pss(), hashes.SHA256())
    header = key_header + struct.pack('<Q', counter)
    about = associated(header, object_id, wrapped, signature)
    data = CIPHERS[number](secret).encrypt(nonce_of(header), plain, about)
    return {'objectId': object_id, 'data': data, 'key': wrapped, 'signature': signature, 'header': header}


def open_record(record, private_key, signer=None):
    header, wrapped, signature = record['header'], record['key'], record['signature']
    assert len(header) == 88 and header[:5] == b'PVFE\x01' and header[6:8] == b'\0\0'
    assert struct.unpack_from('<HH', header, 44) == (len(wrapped), len(signature))
    assert header[48:80] == fingerprint(private_key.public_key())
    if signer is not None:
        signer.verify(signature, signed_bytes(header[:80], wrapped), pss(), hashes.SHA256())
    secret = private_key.decrypt(wrapped, oaep(header[:80]))
    about = associated(header, record['objectId'], wrapped, signature)
    return CIPHERS[header[5]](secret).decrypt(nonce_of(header), record['data'], about)


def hexed(record):
    return {name: value.hex() if isinstance(value, bytes) else value for name, value in record.items()}


def unhexed(record):
    return {name: bytes.fromhex(value) if isinstance(value, str) else value for name, value in record.items()}


def plain_contents():
    """Contents with what they stand for: the type as pvaflow writes types, the value as JSON."""
    scalar = bytes([0x80]) + pva_text('epics:nt/NTScalar:1.0') + pva_size(1) + pva_text('value') + bytes([0x43])
    yield {'value': 'double'}, 'epics:nt/NTScalar:1.0', {'value': -1.5}, content(scalar, struct.pack('<d', -1.5))

    members = bytes([0x81]) + pva_text('') + pva_size(2) + pva_text('n') + bytes([0x22]) + pva_text('s') + bytes([0x60])
    mixed = bytes([0x80]) + pva_text('mixed') + pva_size(3)
    mixed += pva_text('choice') + members + pva_text('any') + bytes([0x82]) + pva_text('texts') + bytes([0x68])
    value = pva_size(1) + pva_text('größer') + bytes([0x26]) + struct.pack('<I', 7)
    value += pva_size(2) + pva_text('a') + pva_text('')
    choice = {'kind': 'union', 'id': '', 'fields': {'n': 'int', 's': 'string'}}
    types = {'choice': choice, 'any': 'any', 'texts': 'string[]'}
    given = {'choice': {'s': 'größer'}, 'any': {'type': 'uint', 'value': 7}, 'texts': ['a', '']}
    yield types, 'mixed', given, content(mixed, value)

    image = bytes([0x80]) + pva_text('') + pva_size(2) + pva_text('id') + bytes([0x22]) + pva_text('pixels') + bytes([0x2D])
    pixels = [i * 7 % 65536 for i in range(2100)]
    value = struct.pack('<i', 5) + pva_size(len(pixels))
    array_at = len(value)
    value += struct.pack(f'<{len(pixels)}H', *pixels)
    yield {'id': 'int', 'pixels': 'ushort[]'}, '', {'id': 5, 'pixels': pixels}, content(image, value, array_at)


def pem(key):
    return key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    ).decode()


def public_pem(key):
    public = serialization.PublicFormat.SubjectPublicKeyInfo
    return key.public_key().public_bytes(serialization.Encoding.PEM, public).decode()


def vectors():
    recipient, signer = (rsa.generate_private_key(65537, 2048) for _ in range(2))
    cases = []
    for at, (fields, type_id, value, plain) in enumerate(plain_contents()):
        for number in CIPHERS:
            secret = hashlib.sha256(f'secret {at} {number}'.encode()).digest()
            object_id = 1000 + at if at != 1 else -5
            is_signed = number == 2
            counter = len(cases) + 1
            record = seal(number, secret, counter, object_id, plain, recipient.public_key(), signer if is_signed else None)
            about = {'fields': fields, 'typeId': type_id, 'value': value, 'signed': is_signed}
            cases.append({**about, 'secret': secret.hex(), 'content': plain.hex(), 'record': hexed(record)})
    return {'privateKey': pem(recipient), 'signerPublicKey': public_pem(signer), 'cases': cases}


def open_lines():
    for line in sys.stdin:
        request = json.loads(line)
        private_key = serialization.load_pem_private_key(request['privateKey'].encode(), None)
        signer = request.get('signer')
        public_key = None if signer is None else serialization.load_pem_public_key(signer.encode())
        print(open_record(unhexed(request['record']), private_key, public_key).hex(), flush=True)


if sys.argv[1] == 'vectors':
    print(json.dumps(vectors(), ensure_ascii=False, indent=1))
else:
    open_lines()
