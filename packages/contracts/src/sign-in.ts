/** Invitations and second factors: what PocketBase's own routes beside its records take and answer. */
import { z } from 'zod';
import { locale, recordId, type role } from './directory.ts';

export const PASSWORD_LENGTH = { least: 10, most: 71 } as const;
/** Pages of both apps that links in mails and sign-in providers lead to. */
export const SIGN_IN_PATHS = {
  forgotPassword: '/forgot-password',
  resetPassword: '/reset-password',
  verifyEmail: '/verify-email',
  confirmEmail: '/confirm-email',
  acceptInvitation: '/accept-invitation',
  provider: '/sign-in/provider',
  providerReturn: '/sign-in/callback',
} as const;

/** Answer of `POST /api/sign-in/code`. */
export const codeRequested = z.object({ otpId: z.string() });

/** Answer of `POST /api/invitations/open`: what the holder of the link is shown. */
export const openInvitation = z.object({ email: z.string(), name: z.string(), locale, tenant: z.string() });
export type OpenInvitation = z.infer<typeof openInvitation>;

/** Answer of `POST /api/invitations/accept`. */
export const acceptedInvitation = z.object({ email: z.string() });

/** Body of `POST /api/invitations`. Without `tenant`: the admin's own. */
export interface NewInvitation {
  email: string;
  name: string;
  role: z.infer<typeof role>;
  product: string;
  tenant: string;
  locale: z.infer<typeof locale>;
}

/** Answer of `POST /api/invitations` and of `POST /api/invitations/{id}/send`. */
export const sentInvitation = z.object({
  id: recordId,
  expires: z.string(),
  mailSent: z.boolean().meta({ description: 'false: the mail server did not take it; send it again' }),
});
