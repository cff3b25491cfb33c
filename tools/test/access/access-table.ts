/**
 * Who may do what: every collection and every route, for every role. This file is the documentation
 * (`docs/access-table.md` is made from it) and the test: each cell is asked of the running services.
 *
 * A row is an operation, then what it is tried with. What belongs to somebody (a record, a key, a chat, a tenant) belongs
 * to `member` or to their tenant, unless the row says otherwise. A cell is the status of the answer; `empty` is a 200 in
 * which nothing of it is to be found; `-` stands where the role has nothing to ask with.
 */
export const ROLES = [
  'guest',
  'member',
  'colleague',
  'admin',
  'otherAdmin',
  'platform',
  'suspended',
  'tenantSuspended',
  'account',
  'token',
  'otherToken',
  'superuser',
] as const;
export type Role = (typeof ROLES)[number];

export const ROLE_MEANINGS: Record<Role, string> = {
  guest: 'nobody: no credential',
  member: 'a member; what the rows are about is theirs',
  colleague: 'another member of the same tenant',
  admin: 'a tenant admin of the same tenant',
  otherAdmin: 'a tenant admin of another tenant',
  platform: 'a platform admin, whose own tenant is a third one',
  suspended: 'a member of the same tenant, suspended after their session, access tokens and API key were issued',
  tenantSuspended: 'a member of a tenant that was suspended after theirs were issued',
  account: 'a service account of the same tenant: its API key is all it has',
  token: "the service token of the same tenant's proxy",
  otherToken: "the service token of another tenant's proxy",
  superuser: "a superuser of PocketBase, with PocketBase's token everywhere",
};

/** What is not plain from the cells. */
export const NOTES = [
  'PocketBase answers 404 (view, update, delete) or 400 (create) to who fails a rule, and 403 where there is no rule: nobody but superusers. A list is then empty.',
  'A person without a session that counts, and whoever shows PocketBase something else, is a guest there: an API key and a service token are no sessions.',
  'An access token outlives a suspension by its ten minutes at most. Chats are still there that long; whatever costs money or tells of it is refused at once.',
  'A service token reads and spends for its own tenant only: the other one gets a 200 in which the member is unknown.',
  "Billing's directory route and PocketBase's internal routes are for the services themselves, by a secret that no role has.",
  'Who holds the link of an invitation may accept it, whoever they are: these rows are tried with a link that is none.',
  'Somebody erases themself with their password; the rows ask without it, which is a 400. Whoever else may not erase a person is told that there is nobody.',
  "PocketBase's built-in routes are asked of PocketBase alone, with sessions of suspended people that outlived the suspension. What only a superuser may do is asked in a way that does nothing: 400 or 404 means that the door was open and behind it was nothing to do.",
  'Fields that one may not write are tried by every way PocketBase knows to write them: `services/pocketbase/test/field-protection.test.ts`.',
  'Health, readiness, metrics and OpenAPI documents tell nothing about people; whoever reaches the port reads them.',
];

/** Rows of PocketBase's records. */
export const COLLECTION_ROWS = `
                                    | guest member colleague admin otherAdmin platform suspended tenantSuspended account token otherToken superuser
tenants list                        | empty 200    200       200   empty      200      empty     empty           empty   empty empty      200
tenants view                        | 404   200    200       200   404        200      404       404             404     404   404        200
tenants view mark-up                | 404   empty  empty     empty 404        200      404       404             404     404   404        200
tenants list after-the-demo         | -     empty  -         -     -          -        -         -               -       -     -          -
tenants create                      | 400   400    400       400   400        200      400       400             400     400   400        200
tenants update                      | 404   404    404       404   404        200      404       404             404     404   404        200
tenants delete with-people          | 404   404    404       404   404        400      404       404             404     404   404        400
tenants delete empty-one            | 404   404    404       404   404        204      404       404             404     404   404        204
products list                       | empty 200    200       200   200        200      empty     empty           empty   empty empty      200
products view                       | 404   200    200       200   200        200      404       404             404     404   404        200
products create                     | 400   400    400       400   400        200      400       400             400     400   400        200
products update                     | 404   404    404       404   404        200      404       404             404     404   404        200
products delete                     | 404   404    404       404   404        204      404       404             404     404   404        204
models list                         | empty 200    200       200   200        200      empty     empty           empty   empty empty      200
models view                         | 404   200    200       200   200        200      404       404             404     404   404        200
models view address                 | 404   empty  empty     empty empty      200      404       404             404     404   404        200
models list of-other-tenant         | empty empty  empty     empty 200        200      empty     empty           empty   empty empty      200
models list switched-off            | empty empty  empty     empty empty      200      empty     empty           empty   empty empty      200
models view switched-off            | 404   404    404       404   404        200      404       404             404     404   404        200
models create                       | 400   400    400       400   400        200      400       400             400     400   400        200
models update                       | 404   404    404       404   404        200      404       404             404     404   404        200
models delete                       | 404   404    404       404   404        204      404       404             404     404   404        204
users list                          | empty 200    empty     200   empty      200      empty     empty           empty   empty empty      200
users view                          | 404   200    404       200   404        200      404       404             404     404   404        200
users create                        | 400   400    400       200   400        200      400       400             400     400   400        200
users create in-other-tenant        | 400   400    400       400   200        200      400       400             400     400   400        200
users create service-account        | 400   400    400       400   400        200      400       400             400     400   400        200
users create platform-admin         | 400   400    400       400   400        200      400       400             400     400   400        200
users update name                   | 404   200    404       200   404        200      404       404             404     404   404        200
users update status                 | 404   404    404       200   404        200      404       404             404     404   404        200
users update budget                 | 404   404    404       200   404        200      404       404             404     404   404        200
users update role                   | 404   404    404       200   404        200      404       404             404     404   404        200
users update role-to-platform-admin | 404   404    404       404   404        200      404       404             404     404   404        200
users update tenant                 | 404   404    404       404   404        200      404       404             404     404   404        200
users update kind                   | 404   404    404       404   404        200      404       404             404     404   404        200
users update own-budget             | -     404    404       404   404        200      404       404             -       -     -          -
users update own-role               | -     404    404       404   404        200      404       404             -       -     -          -
users update admin-budget           | 404   404    404       404   404        200      404       404             404     404   404        200
users update admin-product          | 404   404    404       404   404        200      404       404             404     404   404        200
users update admin-role             | 404   404    404       404   404        200      404       404             404     404   404        200
users update admin-status           | 404   404    404       200   404        200      404       404             404     404   404        200
users delete                        | 404   404    404       404   404        204      404       404             404     404   404        204
api_keys list                       | empty 200    empty     200   empty      200      empty     empty           empty   empty empty      200
api_keys view                       | 404   200    404       200   404        200      404       404             404     404   404        200
api_keys view hash                  | 404   empty  404       empty 404        empty    404       404             404     404   404        200
api_keys create                     | 403   403    403       403   403        403      403       403             403     403   403        200
api_keys update name                | 404   200    404       200   404        200      404       404             404     404   404        200
api_keys update budget              | 404   404    404       200   404        200      404       404             404     404   404        200
api_keys update owner               | 404   404    404       404   404        404      404       404             404     404   404        200
api_keys update revoke              | 404   200    404       200   404        200      404       404             404     404   404        200
api_keys update unrevoke            | 404   404    404       404   404        404      404       404             404     404   404        200
api_keys delete                     | 404   404    404       404   404        204      404       404             404     404   404        204
invitations list                    | empty empty  empty     200   empty      200      empty     empty           empty   empty empty      200
invitations view                    | 404   404    404       200   404        200      404       404             404     404   404        200
invitations create                  | 403   403    403       403   403        403      403       403             403     403   403        200
invitations update                  | 403   403    403       403   403        403      403       403             403     403   403        200
invitations delete                  | 404   404    404       204   404        204      404       404             404     404   404        204
usage_logs list                     | empty 200    empty     200   empty      200      empty     empty           empty   empty empty      200
usage_logs view                     | 404   200    404       200   404        200      404       404             404     404   404        200
usage_logs create                   | 403   403    403       403   403        403      403       403             403     403   403        403
usage_logs update                   | 403   403    403       403   403        403      403       403             403     403   403        403
usage_logs delete                   | 403   403    403       403   403        403      403       403             403     403   403        403
audit_logs list                     | empty empty  empty     200   empty      200      empty     empty           empty   empty empty      200
audit_logs view                     | 404   404    404       200   404        200      404       404             404     404   404        200
audit_logs create                   | 403   403    403       403   403        403      403       403             403     403   403        403
audit_logs update                   | 403   403    403       403   403        403      403       403             403     403   403        403
audit_logs delete                   | 403   403    403       403   403        403      403       403             403     403   403        403
erasures list                       | empty empty  empty     200   empty      200      empty     empty           empty   empty empty      200
erasures view                       | 404   404    404       200   404        200      404       404             404     404   404        200
erasures create                     | 403   403    403       403   403        403      403       403             403     403   403        403
erasures update                     | 403   403    403       403   403        403      403       403             403     403   403        403
erasures delete                     | 403   403    403       403   403        403      403       403             403     403   403        403
outbox list                         | 403   403    403       403   403        403      403       403             403     403   403        200
outbox view                         | 403   403    403       403   403        403      403       403             403     403   403        200
outbox create                       | 403   403    403       403   403        403      403       403             403     403   403        403
outbox update                       | 403   403    403       403   403        403      403       403             403     403   403        200
outbox delete                       | 403   403    403       403   403        403      403       403             403     403   403        204
_superusers list                    | 403   403    403       403   403        403      403       403             403     403   403        200
_superusers view                    | 403   403    403       403   403        403      403       403             403     403   403        200
_superusers create                  | 403   403    403       403   403        403      403       403             403     403   403        200
_superusers update                  | 403   403    403       403   403        403      403       403             403     403   403        200
_superusers delete                  | 403   403    403       403   403        403      403       403             403     403   403        204
_mfas list                          | empty 200    empty     empty empty      empty    empty     empty           empty   empty empty      200
_mfas view                          | 404   200    404       404   404        404      404       404             404     404   404        200
_mfas create                        | 403   403    403       403   403        403      403       403             403     403   403        200
_mfas update                        | 403   403    403       403   403        403      403       403             403     403   403        200
_mfas delete                        | 403   403    403       403   403        403      403       403             403     403   403        204
_otps list                          | empty 200    empty     empty empty      empty    empty     empty           empty   empty empty      200
_otps view                          | 404   200    404       404   404        404      404       404             404     404   404        200
_otps create                        | 403   403    403       403   403        403      403       403             403     403   403        200
_otps update                        | 403   403    403       403   403        403      403       403             403     403   403        200
_otps delete                        | 403   403    403       403   403        403      403       403             403     403   403        204
_externalAuths list                 | empty 200    empty     empty empty      empty    empty     empty           empty   empty empty      200
_externalAuths view                 | 404   200    404       404   404        404      404       404             404     404   404        200
_externalAuths create               | 403   403    403       403   403        403      403       403             403     403   403        200
_externalAuths update               | 403   403    403       403   403        403      403       403             403     403   403        200
_externalAuths delete               | 404   204    404       404   404        404      404       404             404     404   404        204
_authOrigins list                   | empty 200    empty     empty empty      empty    empty     empty           empty   empty empty      200
_authOrigins view                   | 404   200    404       404   404        404      404       404             404     404   404        200
_authOrigins create                 | 403   403    403       403   403        403      403       403             403     403   403        200
_authOrigins update                 | 403   403    403       403   403        403      403       403             403     403   403        200
_authOrigins delete                 | 404   204    404       404   404        404      404       404             404     404   404        204
`;

/** Rows of routes, by service. */
export const ROUTE_ROWS = {
  pocketbase: `
                                             | guest member colleague admin otherAdmin platform suspended tenantSuspended account token otherToken superuser
GET /api/internal/directory-pages            | 401   401    401       401   401        401      401       401             401     401   401        401
POST /api/internal/usage-logs                | 401   401    401       401   401        401      401       401             401     401   401        401
POST /api/internal/api-keys                  | 401   401    401       401   401        401      401       401             401     401   401        401
POST /api/internal/imports                   | 401   401    401       401   401        401      401       401             401     401   401        401
POST /api/internal/erasures                  | 401   401    401       401   401        401      401       401             401     401   401        401
POST /api/people/{id}/erasure of-another     | 401   404    404       200   404        200      401       401             401     401   401        200
POST /api/people/{id}/erasure of-oneself     | -     400    400       400   400        400      401       401             -       -     -          -
POST /api/people/{id}/end-sessions of-another | 401   404    404       200   404        200      401       401             401     401   401        200
POST /api/people/{id}/end-sessions of-a-fellow-admin | 401   404    404       200   404        200      401       401             401     401   401        200
POST /api/people/{id}/end-sessions of-oneself | -     200    200       200   200        200      401       401             -       -     -          -
GET /api/counts/people                       | 401   403    403       200   403        200      401       401             401     401   401        403
GET /api/counts/people-by-product            | 401   403    403       200   200        200      401       401             401     401   401        403
POST /api/tenants/{id}/content-log switched-on | 401   403    403       200   404        403      401       401             401     401   401        200
POST /api/tenants/{id}/content-log switched-off | 401   403    403       200   404        200      401       401             401     401   401        200
GET /api/people/{id}/export                  | 401   200    404       200   404        200      401       401             401     401   401        200
POST /api/internal/outbox/flush              | 401   401    401       401   401        401      401       401             401     401   401        401
POST /api/internal/audit-logs                | 401   401    401       401   401        401      401       401             401     401   401        401
POST /api/internal/mails                     | 401   401    401       401   401        401      401       401             401     401   401        401
GET /api/internal/people/{id}                | 401   401    401       401   401        401      401       401             401     401   401        401
GET /api/internal/principal                  | 401   200    200       200   200        200      401       401             401     401   401        403
POST /api/sign-in/code                       | 400   400    400       400   400        400      400       400             400     400   400        400
POST /api/invitations                        | 401   403    403       200   403        200      401       401             401     401   401        403
POST /api/invitations/{id}/send              | 401   403    403       200   404        200      401       401             401     401   401        403
POST /api/invitations/open                   | 400   400    400       400   400        400      400       400             400     400   400        400
POST /api/invitations/accept                 | 400   400    400       400   400        400      400       400             400     400   400        400
POST /api/invitations/renew                  | 204   204    204       204   204        204      204       204             204     204   204        204
`,
  identity: `
                                                      | guest member colleague admin otherAdmin platform suspended tenantSuspended account token otherToken superuser
POST /oauth/token for-billing                         | 400   200    200       200   200        200      400       400             400     400   400        400
POST /oauth/token for-the-proxy                       | 400   200    200       200   400        400      400       400             400     400   400        400
POST /oauth/token for-conversations                   | 400   200    200       200   400        400      400       400             400     400   400        400
POST /v1/api-keys                                     | 401   200    200       200   200        200      401       401             401     401   401        403
POST /v1/api-keys for-a-service-account               | 401   400    400       200   400        200      401       401             401     401   401        403
POST /v1/imports/{kind} of-people                     | 401   403    403       200   200        200      401       401             401     401   401        403
POST /v1/imports/{kind} of-tenants                    | 401   403    403       403   403        200      401       401             401     401   401        403
GET /v1/tenants/{tenantId}/clients                    | 401   403    403       403   403        200      401       401             401     401   401        403
POST /v1/tenants/{tenantId}/clients                   | 401   403    403       403   403        200      401       401             401     401   401        403
POST /v1/tenants/{tenantId}/clients/{clientId}/secret | 401   403    403       403   403        404      401       401             401     401   401        403
DELETE /v1/tenants/{tenantId}/clients/{clientId}      | 401   403    403       403   403        404      401       401             401     401   401        403
GET /interaction/{uid}/details                        | 404   404    404       404   404        404      404       404             404     404   404        404
POST /interaction/{uid}                               | 404   404    404       404   404        404      404       404             404     404   404        404
GET /.well-known/jwks.json                            | 200   200    200       200   200        200      200       200             200     200   200        200
GET /.well-known/oauth-authorization-server           | 200   200    200       200   200        200      200       200             200     200   200        200
GET /health                                           | 200   200    200       200   200        200      200       200             200     200   200        200
GET /ready                                            | 200   200    200       200   200        200      200       200             200     200   200        200
GET /metrics                                          | 200   200    200       200   200        200      200       200             200     200   200        200
GET /openapi.json                                     | 200   200    200       200   200        200      200       200             200     200   200        200
`,
  billing: `
                                                                              | guest member colleague admin otherAdmin platform suspended tenantSuspended account token otherToken superuser
GET /v1/budget                                                                | 401   200    200       200   200        200      403       403             200     401   401        401
GET /v1/budget with-API-key                                                   | -     200    200       200   200        200      403       403             200     -     -          -
POST /v1/budget/requests                                                      | 401   200    200       200   200        200      403       403             403     401   401        401
POST /v1/budget/requests with-API-key                                         | -     403    403       403   403        403      403       403             403     -     -          -
GET /v1/budget/requests                                                       | 401   200    200       200   200        200      403       403             200     401   401        401
GET /v1/budget/requests with-API-key                                          | -     200    200       200   200        200      403       403             200     -     -          -
GET /v1/tenants/{tenantId}/budget-requests                                    | 401   403    403       200   403        200      403       403             403     401   401        401
GET /v1/tenants/{tenantId}/budget-requests with-API-key                       | -     403    403       403   403        403      403       403             403     -     -          -
POST /v1/tenants/{tenantId}/budget-requests/{requestId}/decision              | 401   403    403       404   403        404      403       403             403     401   401        401
POST /v1/tenants/{tenantId}/budget-requests/{requestId}/decision with-API-key | -     403    403       403   403        403      403       403             403     -     -          -
POST /v1/tenants/{tenantId}/adjustments top-up                                | 401   403    403       200   403        200      403       403             403     401   401        401
POST /v1/tenants/{tenantId}/adjustments top-up with-API-key                   | -     403    403       403   403        403      403       403             403     -     -          -
POST /v1/tenants/{tenantId}/adjustments correction                            | 401   403    403       403   403        200      403       403             403     401   401        401
POST /v1/tenants/{tenantId}/adjustments correction with-API-key               | -     403    403       403   403        403      403       403             403     -     -          -
GET /v1/tenants/{tenantId}/adjustments                                        | 401   403    403       200   403        200      403       403             403     401   401        401
GET /v1/tenants/{tenantId}/adjustments with-API-key                           | -     403    403       403   403        403      403       403             403     -     -          -
GET /v1/tenants/{tenantId}/alert-settings                                     | 401   403    403       200   403        200      403       403             403     401   401        401
GET /v1/tenants/{tenantId}/alert-settings with-API-key                        | -     403    403       403   403        403      403       403             403     -     -          -
PUT /v1/tenants/{tenantId}/alert-settings                                     | 401   403    403       200   403        200      403       403             403     401   401        401
PUT /v1/tenants/{tenantId}/alert-settings with-API-key                        | -     403    403       403   403        403      403       403             403     -     -          -
GET /v1/usage                                                                 | 401   200    empty     empty empty      empty    403       403             empty   401   401        401
GET /v1/usage with-API-key                                                    | -     200    empty     empty empty      empty    403       403             empty   -     -          -
GET /v1/usage/{reservationId}                                                 | 401   200    404       404   404        404      403       403             404     401   401        401
GET /v1/usage/{reservationId} with-API-key                                    | -     200    404       404   404        404      403       403             404     -     -          -
GET /v1/model-charges                                                         | 401   200    200       200   200        200      403       403             200     401   401        401
GET /v1/model-charges with-API-key                                            | -     200    200       200   200        200      403       403             200     -     -          -
GET /v1/usage/totals                                                          | 401   200    200       200   200        200      403       403             200     401   401        401
GET /v1/usage/totals with-API-key                                             | -     200    200       200   200        200      403       403             200     -     -          -
GET /v1/usage.csv                                                             | 401   200    200       200   200        200      403       403             200     401   401        401
GET /v1/usage.csv with-API-key                                                | -     200    200       200   200        200      403       403             200     -     -          -
GET /v1/people/{id}/export                                                    | 401   200    404       200   404        200      403       403             403     401   401        401
GET /v1/people/{id}/export with-API-key                                       | -     403    403       403   403        403      403       403             403     -     -          -
GET /v1/tenants/{tenantId}/usage/totals                                       | 401   403    403       200   403        200      403       403             403     401   401        401
GET /v1/tenants/{tenantId}/usage/totals with-API-key                          | -     403    403       403   403        403      403       403             403     -     -          -
GET /v1/tenants/{tenantId}/usage/activity                                     | 401   403    403       200   403        200      403       403             403     401   401        401
GET /v1/tenants/{tenantId}/usage/activity with-API-key                        | -     403    403       403   403        403      403       403             403     -     -          -
GET /v1/tenant-totals                                                         | 401   403    403       403   403        200      403       403             403     401   401        401
GET /v1/tenant-totals with-API-key                                            | -     403    403       403   403        403      403       403             403     -     -          -
GET /v1/tenants/{tenantId}/usage.csv                                          | 401   403    403       200   403        200      403       403             403     401   401        401
GET /v1/tenants/{tenantId}/usage.csv with-API-key                             | -     403    403       403   403        403      403       403             403     -     -          -
GET /v1/tenants/{tenantId}/budgets                                            | 401   403    403       200   403        200      403       403             403     401   401        401
GET /v1/tenants/{tenantId}/budgets with-API-key                               | -     403    403       403   403        403      403       403             403     -     -          -
GET /v1/tenants/{tenantId}/users/{userId}/budget                              | 401   403    403       200   403        200      403       403             403     401   401        401
GET /v1/tenants/{tenantId}/users/{userId}/budget with-API-key                 | -     403    403       403   403        403      403       403             403     -     -          -
GET /v1/tenants/{tenantId}/usage                                              | 401   403    403       200   403        200      403       403             403     401   401        401
GET /v1/tenants/{tenantId}/usage with-API-key                                 | -     403    403       403   403        403      403       403             403     -     -          -
GET /v1/tenants/{tenantId}/usage/sum                                          | 401   403    403       200   403        200      403       403             403     401   401        401
GET /v1/tenants/{tenantId}/usage/sum with-API-key                             | -     403    403       403   403        403      403       403             403     -     -          -
GET /v1/tenants/{tenantId}/usage/{reservationId}                              | 401   403    403       404   403        404      403       403             403     401   401        401
GET /v1/tenants/{tenantId}/usage/{reservationId} with-API-key                 | -     403    403       403   403        403      403       403             403     -     -          -
POST /v1/tenants/{tenantId}/service-tokens                                    | 401   403    403       403   403        200      403       403             403     401   401        401
POST /v1/tenants/{tenantId}/service-tokens with-API-key                       | -     403    403       403   403        403      403       403             403     -     -          -
GET /v1/tenants/{tenantId}/failures                                           | 401   403    403       200   403        200      403       403             403     401   401        401
GET /v1/tenants/{tenantId}/failures with-API-key                              | -     403    403       403   403        403      403       403             403     -     -          -
GET /v1/tenants/{tenantId}/failures/groups                                    | 401   403    403       200   403        200      403       403             403     401   401        401
GET /v1/tenants/{tenantId}/failures/groups with-API-key                       | -     403    403       403   403        403      403       403             403     -     -          -
GET /v1/tenants/{tenantId}/losses                                             | 401   403    403       200   403        200      403       403             403     401   401        401
GET /v1/tenants/{tenantId}/losses with-API-key                                | -     403    403       403   403        403      403       403             403     -     -          -
GET /v1/tenants/{tenantId}/proxies                                            | 401   403    403       200   403        200      403       403             403     401   401        401
GET /v1/tenants/{tenantId}/proxies with-API-key                               | -     403    403       403   403        403      403       403             403     -     -          -
GET /v1/tenants/{tenantId}/prices                                             | 401   403    403       200   403        200      403       403             403     401   401        401
GET /v1/tenants/{tenantId}/prices with-API-key                                | -     403    403       403   403        403      403       403             403     -     -          -
GET /v1/tenants/{tenantId}/re-ratings                                         | 401   403    403       200   403        200      403       403             403     401   401        401
GET /v1/tenants/{tenantId}/re-ratings with-API-key                            | -     403    403       403   403        403      403       403             403     -     -          -
POST /v1/tenants/{tenantId}/re-ratings                                        | 401   403    403       403   403        200      403       403             403     401   401        401
POST /v1/tenants/{tenantId}/re-ratings with-API-key                           | -     403    403       403   403        403      403       403             403     -     -          -
GET /v1/prices                                                                | 401   403    403       403   403        200      403       403             403     401   401        401
GET /v1/prices with-API-key                                                   | -     403    403       403   403        403      403       403             403     -     -          -
POST /v1/prices                                                               | 401   403    403       403   403        200      403       403             403     401   401        401
POST /v1/price-catalogues                                                     | 401   403    403       403   403        200      403       403             403     401   401        401
POST /v1/prices with-API-key                                                  | -     403    403       403   403        403      403       403             403     -     -          -
POST /v1/price-catalogues with-API-key                                        | -     403    403       403   403        403      403       403             403     -     -          -
GET /v1/exchange-rates                                                        | 401   403    403       403   403        200      403       403             403     401   401        401
GET /v1/exchange-rates with-API-key                                           | -     403    403       403   403        403      403       403             403     -     -          -
POST /v1/exchange-rates                                                       | 401   403    403       403   403        200      403       403             403     401   401        401
POST /v1/exchange-rates with-API-key                                          | -     403    403       403   403        403      403       403             403     -     -          -
GET /v1/tenants/{tenantId}/service-tokens                                     | 401   403    403       403   403        200      403       403             403     401   401        401
GET /v1/tenants/{tenantId}/service-tokens with-API-key                        | -     403    403       403   403        403      403       403             403     -     -          -
DELETE /v1/tenants/{tenantId}/service-tokens/{tokenId}                        | 401   403    403       403   403        204      403       403             403     401   401        401
DELETE /v1/tenants/{tenantId}/service-tokens/{tokenId} with-API-key           | -     403    403       403   403        403      403       403             403     -     -          -
POST /v1/ledger/batch                                                         | 401   401    401       401   401        401      401       401             401     200   empty      401
POST /v1/failures                                                             | 401   401    401       401   401        401      401       401             401     200   empty      401
POST /v1/principals/resolve                                                   | 401   401    401       401   401        401      401       401             401     200   empty      401
GET /v1/catalogue                                                             | 401   401    401       401   401        401      401       401             401     200   empty      401
GET /v1/events                                                                | 401   401    401       401   401        401      401       401             401     200   200        401
POST /v1/proxy-reports                                                        | 401   401    401       401   401        401      401       401             401     200   200        401
POST /v1/content-looks                                                        | 401   401    401       401   401        401      401       401             401     200   403        401
GET /v1/erasures                                                              | 401   401    401       401   401        401      401       401             401     200   empty      401
POST /internal/directory                                                      | 401   401    401       401   401        401      401       401             401     401   401        401
POST /internal/erasures                                                       | 401   401    401       401   401        401      401       401             401     401   401        401
GET /health                                                                   | 200   200    200       200   200        200      200       200             200     200   200        200
GET /ready                                                                    | 200   200    200       200   200        200      200       200             200     200   200        200
GET /metrics                                                                  | 200   200    200       200   200        200      200       200             200     200   200        200
GET /openapi.json                                                             | 200   200    200       200   200        200      200       200             200     200   200        200
`,
  proxy: `
                                                   | guest member colleague admin otherAdmin platform suspended tenantSuspended account token otherToken superuser
GET /v1/models                                     | 401   200    200       200   401        401      403       401             200     401   401        401
GET /v1/models with-API-key                        | -     200    200       200   401        401      403       401             200     -     -          -
GET /v1/models/{id}                                | 401   200    200       200   401        401      403       401             200     401   401        401
GET /v1/models/{id} with-API-key                   | -     200    200       200   401        401      403       401             200     -     -          -
POST /v1/chat/completions                          | 401   200    200       200   401        401      403       401             200     401   401        401
POST /v1/chat/completions with-API-key             | -     200    200       200   401        401      403       401             200     -     -          -
POST /v1/responses                                 | 401   200    200       200   401        401      403       401             200     401   401        401
POST /v1/responses with-API-key                    | -     200    200       200   401        401      403       401             200     -     -          -
GET /v1/responses/{id}                             | 401   200    404       404   401        401      403       401             404     401   401        401
GET /v1/responses/{id} with-API-key                | -     200    404       404   401        401      403       401             404     -     -          -
GET /v1/responses/{id}/input_items                 | 401   200    404       404   401        401      403       401             404     401   401        401
GET /v1/responses/{id}/input_items with-API-key    | -     200    404       404   401        401      403       401             404     -     -          -
GET /v1/export                                     | 401   200    empty     empty 401        401      403       401             403     401   401        401
GET /v1/export with-API-key                        | -     403    403       403   401        401      403       401             403     -     -          -
DELETE /v1/responses/{id}                          | 401   200    404       404   401        401      403       401             404     401   401        401
DELETE /v1/responses/{id} with-API-key             | -     200    404       404   401        401      403       401             404     -     -          -
POST /v1/embeddings                                | 401   200    200       200   401        401      403       401             200     401   401        401
POST /v1/embeddings with-API-key                   | -     200    200       200   401        401      403       401             200     -     -          -
POST /v1/messages                                  | 401   200    200       200   401        401      403       401             200     401   401        401
POST /v1/messages with-API-key                     | -     200    200       200   401        401      403       401             200     -     -          -
POST /v1/messages/count_tokens                     | 401   200    200       200   401        401      403       401             200     401   401        401
POST /v1/messages/count_tokens with-API-key        | -     200    200       200   401        401      403       401             200     -     -          -
GET /v1/content-log                                | 401   200    200       200   401        401      403       401             200     401   401        401
GET /v1/content-log with-API-key                   | -     200    200       200   401        401      403       401             200     -     -          -
GET /v1/admin/contents/{reservationId}             | 401   403    403       404   401        401      403       401             401     401   401        401
GET /v1/admin/provider-keys                        | 401   403    403       200   401        401      403       401             401     401   401        401
PUT /v1/admin/provider-keys/{keyName}/{label}      | 401   403    403       200   401        401      403       401             401     401   401        401
DELETE /v1/admin/provider-keys/{keyName}/{label}   | 401   403    403       404   401        401      403       401             401     401   401        401
POST /v1/completions                               | 401   200    200       200   401        401      403       401             200     401   401        401
POST /v1/completions with-API-key                  | -     200    200       200   401        401      403       401             200     -     -          -
GET /health                                        | 200   200    200       200   200        200      200       200             200     200   200        200
GET /ready                                         | 200   200    200       200   200        200      200       200             200     200   200        200
GET /metrics                                       | 200   200    200       200   200        200      200       200             200     200   200        200
GET /openapi.json                                  | 200   200    200       200   200        200      200       200             200     200   200        200
`,
  conversations: `
                                          | guest member colleague admin otherAdmin platform suspended tenantSuspended account token otherToken superuser
GET /v1/conversations                     | 401   200    empty     empty 401        401      empty     401             401     401   401        401
POST /v1/conversations                    | 401   201    201       201   401        401      201       401             401     401   401        401
GET /v1/conversations/{id}                | 401   200    404       404   401        401      404       401             401     401   401        401
GET /v1/search                            | 401   200    empty     empty 401        401      empty     401             401     401   401        401
GET /v1/export                            | 401   200    empty     empty 401        401      empty     401             401     401   401        401
GET /v1/rules                             | 401   200    200       200   401        401      200       401             401     401   401        401
PATCH /v1/conversations/{id}              | 401   200    404       404   401        401      404       401             401     401   401        401
POST /v1/conversations/{id}/messages      | 401   201    404       404   401        401      404       401             401     401   401        401
DELETE /v1/conversations/{id}             | 401   204    404       404   401        401      404       401             401     401   401        401
POST /v1/conversations/{id}/restore       | 401   404    404       404   401        401      404       401             401     401   401        401
PUT /v1/conversations/{id}/files/{fileId} | 401   200    404       404   401        401      404       401             401     401   401        401
GET /v1/conversations/{id}/files/{fileId} | 401   200    404       404   401        401      404       401             401     401   401        401
PUT /v1/conversations/{id}/settings       | 401   200    404       404   401        401      404       401             401     401   401        401
PUT /v1/conversations/{id}/share          | 401   200    404       404   401        401      404       401             401     401   401        401
GET /v1/shares/{id}                       | 401   200    200       200   401        401      200       401             401     401   401        401
DELETE /v1/conversations/{id}/share       | 401   200    404       404   401        401      404       401             401     401   401        401
GET /v1/assistants                        | 401   200    empty     empty 401        401      empty     401             401     401   401        401
GET /v1/assistants shared                 | 401   empty  200       200   401        401      200       401             401     401   401        401
POST /v1/assistants                       | 401   201    201       201   401        401      201       401             401     401   401        401
GET /v1/assistants/{id}                   | 401   200    404       404   401        401      404       401             401     401   401        401
GET /v1/assistants/{id} shared            | 401   200    200       200   401        401      200       401             401     401   401        401
PUT /v1/assistants/{id}                   | 401   200    404       404   401        401      404       401             401     401   401        401
PUT /v1/assistants/{id} shared            | 401   200    404       404   401        401      404       401             401     401   401        401
POST /v1/assistants/{id}/copies           | 401   201    404       404   401        401      404       401             401     401   401        401
PUT /v1/assistants/{id}/files/{fileId}    | 401   200    404       404   401        401      404       401             401     401   401        401
GET /v1/assistants/{id}/files/{fileId}    | 401   200    404       404   401        401      404       401             401     401   401        401
DELETE /v1/assistants/{id}/files/{fileId} | 401   404    404       404   401        401      404       401             401     401   401        401
PUT /v1/assistants/{id}/share             | 401   200    404       404   401        401      404       401             401     401   401        401
DELETE /v1/assistants/{id}/share          | 401   200    404       404   401        401      404       401             401     401   401        401
DELETE /v1/assistants/{id}                | 401   204    404       404   401        401      404       401             401     401   401        401
GET /v1/folders                           | 401   200    empty     empty 401        401      empty     401             401     401   401        401
POST /v1/folders                          | 401   201    201       201   401        401      201       401             401     401   401        401
PATCH /v1/folders/{id}                    | 401   200    404       404   401        401      404       401             401     401   401        401
DELETE /v1/folders/{id}                   | 401   204    404       404   401        401      404       401             401     401   401        401
GET /health                               | 200   200    200       200   200        200      200       200             200     200   200        200
GET /ready                                | 200   200    200       200   200        200      200       200             200     200   200        200
GET /metrics                              | 200   200    200       200   200        200      200       200             200     200   200        200
GET /openapi.json                         | 200   200    200       200   200        200      200       200             200     200   200        200
`,
};
export type Service = keyof typeof ROUTE_ROWS;

export interface Row {
  /** As written: `users update role`, `GET /v1/budget with-API-key`. */
  name: string;
  /** The operation alone: `users update`, `GET /v1/budget`. */
  operation: string;
  expected: Record<Role, string>;
}

/** @throws Error naming the row that does not have one cell for each role */
export function parseRows(text: string): Row[] {
  const [header = '', ...lines] = text.split('\n').filter((line) => line.trim() !== '');
  const roles = header.split('|')[1]?.trim().split(/\s+/) ?? [];
  if (roles.join() !== ROLES.join()) throw new Error(`The columns must be: ${ROLES.join(' ')}`);
  return lines.map((line) => {
    const [name = '', cells = ''] = line.split('|').map((part) => part.trim());
    const values = cells.split(/\s+/);
    if (values.length !== ROLES.length) throw new Error(`The row "${name}" has ${values.length} cells.`);
    const expected = Object.fromEntries(ROLES.map((role, index) => [role, values[index]])) as Record<Role, string>;
    return { name, operation: name.split(' ').slice(0, 2).join(' '), expected };
  });
}
