/** Rules of a product. */
module.exports = {
  setDefaults(record) {
    if (record.getString('region_rule') === '') record.set('region_rule', 'any');
  },

  /** @throws BadRequestError: people would be left without a budget and without limits */
  refuseWhereUsed(app, record) {
    if (app.findRecordsByFilter('users', 'product = {:id}', '', 1, 0, { id: record.id }).length > 0)
      throw new BadRequestError('People still have this product: give them another one first.');
  },
};
