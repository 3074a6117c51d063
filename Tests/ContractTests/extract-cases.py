#!/usr/bin/env python3
"""Writes cases.json: the recorded contract's answers about single field values.

  extract-cases.py [FOLDER] > cases.json

The kinds of the fields come from the recorded OPTIONS answers; four collections are not recorded and are listed below.
"""
import os
import json, re, sys

OPEN = sys.argv[1] if len(sys.argv) > 1 else os.path.join(os.path.dirname(__file__), '../Contract/open')
FILES = ['products', 'orders', 'logistics', 'finance', 'promotions', 'analytics', 'json']
UNRECORDED = {
    'orders': {'order_id': 'string 100', 'customer_email': 'email 254', 'customer_phone': 'string 20 blank',
               'total_amount': 'decimal 10', 'billing_address': 'string blank', 'payment_method': 'string 50'},
    'shipment-events': {'shipment': 'field', 'event_type': 'string 50', 'description': 'string',
                        'location': 'string 255 blank'},
    'discounts': {'discount_id': 'string 100', 'code': 'string 50', 'name': 'string 255', 'description': 'string blank',
                  'discount_type': 'choice percentage fixed_amount buy_x_get_y', 'discount_value': 'decimal 10',
                  'minimum_purchase': 'decimal 10', 'maximum_discount': 'decimal 10', 'usage_limit': 'integer',
                  'valid_from': 'datetime', 'valid_until': 'datetime', 'is_active': 'boolean'},
}
TEXT_WITH_DEFAULT = {'currency'}  # optional, but may not be blank


def described(name, meta):
    kind = {'type': meta['type'], 'max': meta.get('max_length'), 'digits': meta.get('max_digits'),
            'choices': [c['value'] for c in meta.get('choices', [])] or None,
            'blank': not meta['required'] and name not in TEXT_WITH_DEFAULT or None}
    return {k: v for k, v in kind.items() if v is not None}


def written(text):
    words = text.split()
    kind = {'type': words[0]}
    if words[0] == 'choice':
        kind['choices'] = words[1:]
    elif words[0] == 'decimal':
        kind['digits'] = int(words[1])
    else:
        kind.update({'max': int(w) for w in words[1:] if w.isdigit()})
        kind.update({'blank': True for w in words[1:] if w == 'blank'})
    return kind


class Number(str):
    """A number as its digits."""


def raw(value):
    if value is None:
        return {'null': True}
    if isinstance(value, bool):
        return {'boolean': value}
    if isinstance(value, Number):
        return {'number': str(value)}
    if isinstance(value, list):
        return {'array': True}
    if isinstance(value, dict):
        return {'string': value['$repeat'][0] * int(value['$repeat'][1])} if '$repeat' in value else {'object': True}
    unit = next((ord(c) for c in value if 0xD800 <= ord(c) <= 0xDFFF), None)
    return {'string': value} if unit is None else {'surrogate': unit}


def body(step):
    sent = step.get('json')
    if sent is None and 'json' in step.get('headers', {}).get('Content-Type', '') and isinstance(step.get('raw'), str):
        try:
            sent = step['raw']
            return json.loads(sent, parse_int=Number, parse_float=Number)
        except ValueError:
            return None
    return json.loads(json.dumps(sent), parse_int=Number, parse_float=Number)


def text_of(value):
    return value['$repeat'][0] * int(value['$repeat'][1]) if isinstance(value, dict) else value


def main():
    scenarios = [(f, s) for f in FILES for s in json.load(open(f'{OPEN}/{f}.json'))['scenarios']]
    collection = lambda f, s: 'products' if f == 'json' else (
        s['name'].split('/')[1] if s['name'].count('/') > 1 else f)
    kinds = {c: {n: written(t) for n, t in fields.items()} for c, fields in UNRECORDED.items()}
    for f, s in scenarios:
        for step in s['steps']:
            answer = step.get('expect', {}).get('body')
            fields = answer.get('actions') if isinstance(answer, dict) else None
            fields = next(iter(fields.values())) if isinstance(fields, dict) and fields else None
            if isinstance(fields, dict):
                kinds.setdefault(collection(f, s), {}).update(
                    {n: described(n, m) for n, m in fields.items() if isinstance(m, dict) and not m.get('read_only', True)})
    cases = {}
    for f, s in scenarios:
        if not re.search(r'/(field-|deep-|create-wrong$)|^json/(details|number-text)$', s['name']):
            continue
        for step in s['steps']:
            sent, expect = body(step), step.get('expect')
            if not expect or not isinstance(sent, dict) or not isinstance(expect.get('body'), dict):
                continue
            for name, value in sent.items():
                kind = kinds[collection(f, s)].get(name)
                if kind is None or isinstance(value, str) and '${' in value:
                    continue
                case = {'kind': kind, 'raw': raw(value)}
                answer = expect['body'].get(name)
                if expect['status'] >= 400:
                    if answer:
                        case['messages'] = answer
                    elif s['name'].endswith('create-wrong') and value is not None and (
                            value != '' or kind['type'] in ('string', 'email', 'boolean')):
                        case['accepted'] = True
                    else:
                        continue
                elif value is None or answer is None:
                    continue  # whether a field may be null does not depend on its kind
                elif name in expect['body'] and kind['type'] != 'field':
                    case['value'] = text_of(answer)
                else:
                    continue
                if 'alt' in step:
                    case['either'] = True  # a refusal is correct as well
                case['name'] = f"{s['name']}: {step.get('name')}"
                key = json.dumps({k: v for k, v in case.items() if k != 'name'}, sort_keys=True)
                cases.setdefault(key, case)
    print('[\n' + ',\n'.join(json.dumps(c) for c in cases.values()) + '\n]')


main()
