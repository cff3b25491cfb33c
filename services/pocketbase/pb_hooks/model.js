/** Rules of a model deployment: products and keys know it by id, billing by its public name. */
const DECIMAL = /^\d{1,7}(\.\d{1,9})?$/;
/** As the contract package has them; what it does not know would keep billing from reading the directory. */
const METERS = [
  'uncached_input',
  'cache_read',
  'cache_write',
  'cache_write_1h',
  'input_audio',
  'output_text',
  'reasoning',
  'output_audio',
  'output_image',
  'server_tool_call',
];

function refuse(field, code, message) {
  throw new BadRequestError('The model is not valid.', { [field]: new ValidationError(code, message) });
}

/** A query, a fragment or credentials in it would not survive the joining of paths, or would show up in logs. */
function checkBaseUrl(url) {
  if (!/^https?:\/\/[^\s/?#@\\]+(\/[^\s?#@\\]*)?$/i.test(url))
    refuse(
      'base_url',
      'invalid_base_url',
      'Must be an http(s) address without user, query and fragment, such as https://host/v1.',
    );
}

function checkPrices(record) {
  const prices = JSON.parse(record.getString('own_prices') || 'null');
  if (prices === null || prices === '') return;
  if (record.getString('provider') !== 'custom')
    refuse('own_prices', 'not_custom', "A provider's own models have the prices of the catalogue: leave it empty.");
  const valid =
    typeof prices === 'object' &&
    !Array.isArray(prices) &&
    Object.keys(prices).every(
      (meter) => METERS.includes(meter) && typeof prices[meter] === 'string' && DECIMAL.test(prices[meter]),
    );
  if (!valid || prices.uncached_input === undefined || prices.output_text === undefined)
    refuse(
      'own_prices',
      'invalid_prices',
      `Must be USD per million units by meter, as decimal strings: {"uncached_input": "0.15", "output_text": "0.60"}; meters: ${METERS.join(', ')}.`,
    );
}

module.exports = {
  setDefaults(record) {
    if (record.getString('deployment') === '') record.set('deployment', record.getString('name'));
    if (record.getInt('weight') === 0) record.set('weight', 1);
  },

  /** @throws BadRequestError naming the field */
  check(record) {
    const custom = record.getString('provider') === 'custom';
    const baseUrl = record.getString('base_url');
    if (custom && baseUrl === '')
      refuse('base_url', 'base_url_missing', 'A custom model needs the address of its server.');
    if (baseUrl !== '') checkBaseUrl(baseUrl);
    if (!custom && record.getString('api_version') !== '')
      refuse('api_version', 'not_custom', 'Only a custom model (Azure OpenAI) has an api-version.');
    if (record.getInt('weight') === 0) refuse('weight', 'weight_missing', 'Must be 1 to 1000.');
    checkPrices(record);
  },

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
