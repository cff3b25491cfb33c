/** Rules of a product. */
module.exports = {
  /** @throws BadRequestError: people would be left without a budget and without limits */
  refuseWhereUsed(app, record) {
    if (app.findRecordsByFilter('users', 'product = {:id}', '', 1, 0, { id: record.id }).length > 0)
      throw new BadRequestError('People still have this product: give them another one first.');
  },
};
