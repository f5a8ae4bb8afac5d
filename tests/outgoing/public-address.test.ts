import { describe, expect, it } from 'vitest';
import { isPublicAddress } from '../../server/outgoing/public-address.ts';
import { publicReach } from '../../server/outgoing/reach.ts';

describe('a public address', () => {
  it.each([
    '1.1.1.1',
    '9.255.255.255',
    '11.0.0.1',
    '172.15.255.255',
    '172.32.0.1',
    '192.167.1.1',
    '223.255.255.1',
    '2606:4700::1111',
    '2a00:1450::1',
  ])('%s may be asked', (address) => {
    expect(isPublicAddress(address)).toBe(true);
  });

  it.each([
    '0.0.0.0',
    '10.0.0.1',
    '10.255.255.255',
    '100.64.0.1',
    '127.0.0.1',
    '127.255.255.254',
    '169.254.169.254',
    '172.16.0.1',
    '172.31.255.255',
    '192.0.0.1',
    '192.168.0.1',
    '198.18.0.1',
    '224.0.0.1',
    '240.0.0.1',
    '255.255.255.255',
    '::',
    '::1',
    '::ffff:10.0.0.1',
    '::ffff:a00:1',
    '::127.0.0.1',
    '64:ff9b::a00:1',
    '64:ff9b:1::1',
    '100::1',
    '2001::1',
    '2001:db8::1',
    '2002:a00:1::1',
    '3fff::1',
    'fc00::1',
    'fd12:3456::1',
    'fe80::1',
    'fe80::1%eth0',
    'fec0::1',
    'ff02::1',
    '',
    'localhost',
    '0x7f000001',
    '2130706433',
    '127.1',
  ])('%s may not', (address) => {
    expect(isPublicAddress(address)).toBe(false);
  });

  it('may be asked at the port of https alone', () => {
    expect([publicReach.may('1.1.1.1', 443), publicReach.may('1.1.1.1', 8443)]).toEqual([true, false]);
  });
});
