/** A page that a link in a mail or a provider leads to; shown whoever is signed in. */
export interface LinkPageProps {
  /** The app's name beside the brand. */
  app: string;
  /** Of the address. */
  params: URLSearchParams;
}
