/** Rules of a model: products and keys know it by id, billing by name, so neither may vanish under them. */
module.exports = {
  /** @throws BadRequestError: allow-lists in billing hold the name */
  keepName(record) {
    if (record.original().getString('name') === record.getString('name')) return;
    throw new BadRequestError('The model was not changed.', {
      name: new ValidationError('name_is_final', 'A public model name is final: add a new model and disable this one.'),
    });
  },

  /** @throws BadRequestError: taken off its last list, an allow-list would be empty, which means "all models" */
  refuseWhereUsed(app, record) {
    for (const collection of ['products', 'api_keys'])
      if (app.findRecordsByFilter(collection, 'models.id ?= {:id}', '', 1, 0, { id: record.id }).length > 0)
        throw new BadRequestError(`The model is on an allow-list in ${collection}: disable it instead.`);
  },
};
