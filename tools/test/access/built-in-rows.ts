/**
 * Rows of the routes that PocketBase itself brings, asked of PocketBase alone and without its limits of rate. Suspended
 * people have a session here that outlived the suspension. What only a superuser may do is asked in a way that does
 * nothing: a superuser's 400 or 404 means that the door was open, and behind it was nothing to do.
 */

/** A newer PocketBase may bring new routes: compare its `apis/*.go` with the rows, then change this. */
export const BUILT_IN_VERSION = '0.39.11';

export const BUILT_IN_ROWS = `
                                                         | guest member colleague admin otherAdmin platform suspended tenantSuspended account token otherToken superuser
GET /api/collections/users/auth-methods                  | 200   200    200       200   200        200      200       200             200     200   200        200
POST /api/collections/users/auth-refresh                 | 401   200    200       200   200        200      403       403             401     401   401        403
POST /api/collections/users/auth-with-password           | 400   400    400       400   400        400      400       400             400     400   400        400
POST /api/collections/users/auth-with-oauth2             | 403   403    403       403   403        403      403       403             403     403   403        403
POST /api/collections/users/auth-with-otp                | 403   403    403       403   403        403      403       403             403     403   403        403
POST /api/collections/users/request-otp                  | 403   403    403       403   403        403      403       403             403     403   403        403
POST /api/collections/users/request-password-reset       | 204   204    204       204   204        204      204       204             204     204   204        204
POST /api/collections/users/confirm-password-reset       | 400   400    400       400   400        400      400       400             400     400   400        400
POST /api/collections/users/request-verification         | 204   204    204       204   204        204      204       204             204     204   204        204
POST /api/collections/users/confirm-verification         | 400   400    400       400   400        400      400       400             400     400   400        400
POST /api/collections/users/request-email-change         | 401   204    204       204   204        204      204       204             401     401   401        403
POST /api/collections/users/confirm-email-change         | 400   400    400       400   400        400      400       400             400     400   400        400
GET /api/collections/_superusers/auth-methods            | 200   200    200       200   200        200      200       200             200     200   200        200
POST /api/collections/_superusers/auth-refresh           | 401   403    403       403   403        403      403       403             401     401   401        200
POST /api/collections/_superusers/auth-with-password     | 400   400    400       400   400        400      400       400             400     400   400        400
POST /api/collections/_superusers/auth-with-oauth2       | 403   403    403       403   403        403      403       403             403     403   403        403
POST /api/collections/_superusers/auth-with-otp          | 403   403    403       403   403        403      403       403             403     403   403        403
POST /api/collections/_superusers/request-otp            | 403   403    403       403   403        403      403       403             403     403   403        403
POST /api/collections/_superusers/request-password-reset | 204   204    204       204   204        204      204       204             204     204   204        204
POST /api/collections/_superusers/confirm-password-reset | 400   400    400       400   400        400      400       400             400     400   400        400
POST /api/collections/_superusers/request-verification   | 400   400    400       400   400        400      400       400             400     400   400        400
POST /api/collections/_superusers/confirm-verification   | 400   400    400       400   400        400      400       400             400     400   400        400
POST /api/collections/_superusers/request-email-change   | 401   403    403       403   403        403      403       403             401     401   401        400
POST /api/collections/_superusers/confirm-email-change   | 400   400    400       400   400        400      400       400             400     400   400        400
POST /api/collections/users/impersonate/{member}         | 401   403    403       403   403        403      403       403             401     401   401        200
POST /api/collections/_superusers/impersonate/{id}       | 401   403    403       403   403        403      403       403             401     401   401        404
GET /api/collections                                     | 401   403    403       403   403        403      403       403             401     401   401        200
POST /api/collections                                    | 401   403    403       403   403        403      403       403             401     401   401        400
GET /api/collections/users                               | 401   403    403       403   403        403      403       403             401     401   401        200
PUT /api/collections/import                              | 401   403    403       403   403        403      403       403             401     401   401        400
GET /api/collections/meta/scaffolds                      | 401   403    403       403   403        403      403       403             401     401   401        200
GET /api/collections/meta/oauth2-providers               | 401   403    403       403   403        403      403       403             401     401   401        200
POST /api/collections/meta/dry-run-view                  | 401   403    403       403   403        403      403       403             401     401   401        400
DELETE /api/collections/no_such_one                      | 401   403    403       403   403        403      403       403             401     401   401        404
DELETE /api/collections/no_such_one/truncate             | 401   403    403       403   403        403      403       403             401     401   401        404
GET /api/settings                                        | 401   403    403       403   403        403      403       403             401     401   401        200
POST /api/settings/test/s3                               | 401   403    403       403   403        403      403       403             401     401   401        400
POST /api/settings/test/email                            | 401   403    403       403   403        403      403       403             401     401   401        400
POST /api/settings/apple/generate-client-secret          | 401   403    403       403   403        403      403       403             401     401   401        400
GET /api/logs                                            | 401   403    403       403   403        403      403       403             401     401   401        200
GET /api/logs/stats                                      | 401   403    403       403   403        403      403       403             401     401   401        200
GET /api/logs/no-such-one                                | 401   403    403       403   403        403      403       403             401     401   401        404
GET /api/backups                                         | 401   403    403       403   403        403      403       403             401     401   401        200
POST /api/backups/upload                                 | 401   403    403       403   403        403      403       403             401     401   401        400
GET /api/backups/no-such-one.zip                         | 403   403    403       403   403        403      403       403             403     403   403        403
DELETE /api/backups/no-such-one.zip                      | 401   403    403       403   403        403      403       403             401     401   401        400
POST /api/backups/no-such-one.zip/restore                | 401   403    403       403   403        403      403       403             401     401   401        400
GET /api/crons                                           | 401   403    403       403   403        403      403       403             401     401   401        200
POST /api/crons/no-such-one                              | 401   403    403       403   403        403      403       403             401     401   401        404
POST /api/sql                                            | 401   403    403       403   403        403      403       403             401     401   401        400
POST /api/batch                                          | 403   403    403       403   403        403      403       403             403     403   403        403
POST /api/files/token                                    | 401   200    200       200   200        200      200       200             401     401   401        200
GET /api/files/users/{member}/avatar.png                 | 404   404    404       404   404        404      404       404             404     404   404        404
GET /api/health                                          | 200   200    200       200   200        200      200       200             200     200   200        200
GET /api/oauth2-redirect                                 | 200   200    200       200   200        200      200       200             200     200   200        200
POST /api/oauth2-redirect                                | 200   200    200       200   200        200      200       200             200     200   200        200
PATCH /api/collections/users                             | 401   403    403       403   403        403      403       403             401     401   401        400
PATCH /api/settings                                      | 401   403    403       403   403        403      403       403             401     401   401        400
POST /api/backups                                        | 401   403    403       403   403        403      403       403             401     401   401        400
GET /_/                                                  | 200   200    200       200   200        200      200       200             200     200   200        200
GET /api/realtime users/{member}                    | empty 200    empty     200   empty      200      empty     empty           empty   empty empty      200
GET /api/realtime users/*                           | empty 200    empty     200   empty      200      empty     empty           empty   empty empty      200
GET /api/realtime api_keys/*                        | empty 200    empty     200   empty      200      empty     empty           empty   empty empty      200
GET /api/realtime audit_logs/*                      | empty empty  empty     200   empty      200      empty     empty           empty   empty empty      200
GET /api/realtime usage_logs/*                      | empty 200    empty     200   empty      200      empty     empty           empty   empty empty      200
GET /api/realtime outbox/*                          | empty empty  empty     empty empty      empty    empty     empty           empty   empty empty      200
`;
