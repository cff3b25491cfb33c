/** Believes the address that a proxy tells of its client only where the request comes from that proxy. */
function numberOf(ipv4) {
  const parts = ipv4.split('.').map(Number);
  const isAddress = parts.length === 4 && parts.every((part) => Number.isInteger(part) && part >= 0 && part <= 255);
  return isAddress ? parts.reduce((sum, part) => sum * 256 + part, 0) : null;
}

function isWithin(address, item) {
  const [network = '', bits] = item.split('/');
  if (bits === undefined) return address === network;
  const [from, asked] = [numberOf(network), numberOf(address)];
  const size = 2 ** (32 - Number(bits));
  return from !== null && asked !== null && Math.floor(from / size) === Math.floor(asked / size);
}

module.exports = {
  /** Takes the header away from everybody else's requests, before anything reads it. */
  dropForged(e, proxy) {
    const remote = e.remoteIP().replace(/^::ffff:/, '');
    if (!proxy.addresses.some((item) => isWithin(remote, item))) e.request.header.del(proxy.header);
  },
};
