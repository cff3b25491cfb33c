import { createContext, useContext } from 'react';

/** The services that only the chat needs: configured, or there is no chat. */
export interface ServiceUrls {
  proxyUrl: string;
  conversationsUrl: string;
}

export const ServiceUrlsContext = createContext<ServiceUrls | null>(null);

export function useServiceUrls(): ServiceUrls {
  const urls = useContext(ServiceUrlsContext);
  if (!urls) throw new Error('useServiceUrls outside of AnswersProvider');
  return urls;
}
