export const palette = {
  palette: {
    open: 'Search',
    keys: 'Ctrl K',
    title: 'Go to a page, a person, a key or a request',
    placeholder: 'Page, person, key prefix, request id …',
    results: 'Found',
    nothing: 'Nothing found.',
    searching: 'Searching …',
    actions: 'Actions',
    requests: 'Request',
    request: 'Show the request {{id}}',
  },
};
