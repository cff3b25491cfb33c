/** Messages in the language of the person who asks; English for superusers and services. */
module.exports = {
  /** @returns a function from a name in `texts` to its text */
  inLanguageOf(auth, texts) {
    const language = auth && !auth.isSuperuser() && auth.getString('locale') === 'de' ? 'de' : 'en';
    return (name) => texts[name][language];
  },
};
