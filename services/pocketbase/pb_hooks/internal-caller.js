/** Is the caller one of our services? Closed where no secret is set. */
module.exports = {
  /** @throws ApiError 503 where INTERNAL_SECRET is not set, 401 for anybody else */
  check(e) {
    const secret = $os.getenv('INTERNAL_SECRET');
    if (!secret) throw new ApiError(503, 'INTERNAL_SECRET is not set: the internal routes are closed.', {});
    const given = e.request.header.get('Authorization').replace(/^Bearer /i, '');
    if (!$security.equal(given, secret)) throw new UnauthorizedError('The internal secret is missing or wrong.');
  },
};
