import type { Sentence } from './languages.ts';

interface ErrorEntry {
  status: number;
  title: Sentence;
  /** May hold `{name}` placeholders, filled from the error's details. */
  detail: Sentence;
}

const entry = (
  status: number,
  title: [fr: string, en: string],
  detail: [fr: string, en: string],
): ErrorEntry => ({
  status,
  title: { fr: title[0], en: title[1] },
  detail: { fr: detail[0], en: detail[1] },
});

/** Every `code` an answer can carry, with its HTTP status and its sentences. */
export const ERRORS = {
  invalid_input: entry(
    400,
    ['Données refusées', 'Invalid input'],
    [
      'Certaines valeurs ne conviennent pas ; rien n’a été enregistré.',
      'Some values are not acceptable; nothing was saved.',
    ],
  ),
  malformed_json: entry(
    400,
    ['JSON illisible', 'Malformed JSON'],
    [
      'Le corps de la requête n’est pas un document JSON valide.',
      'The request body is not a valid JSON document.',
    ],
  ),
  bad_request: entry(
    400,
    ['Requête incorrecte', 'Bad request'],
    ['La requête ne peut pas être comprise.', 'The request cannot be understood.'],
  ),
  domain_moved: entry(
    308,
    ['Adresse déplacée', 'Address moved'],
    ['Cette adresse mène désormais à {location}.', 'This address now leads to {location}.'],
  ),
  missing_host: entry(
    400,
    ['En-tête Host absent', 'Missing Host header'],
    [
      'La requête ne dit pas à quelle adresse elle s’adresse.',
      'The request does not say which address it is for.',
    ],
  ),
  no_network: entry(
    404,
    ['Aucun réseau', 'No network'],
    [
      'L’établissement n’appartient pas à ce réseau, ou à aucun.',
      'The school does not belong to this network, or to none.',
    ],
  ),
  membership_exists: entry(
    409,
    ['Demande déjà faite', 'Asked already'],
    [
      'Cette appartenance existe déjà ou attend une réponse.',
      'This membership exists already or waits for an answer.',
    ],
  ),
  not_yours_to_accept: entry(
    409,
    ['Réponse de l’autre partie', 'The other side answers'],
    [
      'C’est à l’autre partie de répondre à cette demande.',
      'It is for the other side to answer this request.',
    ],
  ),
  recurrence_refused: entry(
    400,
    ['Répétition refusée', 'Recurrence refused'],
    [
      'Cette règle de répétition ne convient pas ({reason}).',
      'This rule of recurrence is not acceptable ({reason}).',
    ],
  ),
  event_ends_before: entry(
    400,
    ['Fin avant le début', 'End before the start'],
    ['L’événement doit finir après avoir commencé.', 'The event must end after it starts.'],
  ),
  event_too_long: entry(
    400,
    ['Événement trop long', 'Event too long'],
    ['Un événement dure au plus {limit} jours.', 'An event lasts at most {limit} days.'],
  ),
  audience_of_shared: entry(
    400,
    ['Public restreint', 'Restricted audience'],
    [
      'Un événement partagé hors de l’établissement est pour tous : retirez les rôles et les groupes, ou le partage.',
      'An event shared beyond the school is for everybody: remove the roles and groups, or stop sharing.',
    ],
  ),
  audience_of_public: entry(
    400,
    ['Public restreint', 'Restricted audience'],
    [
      'Une annonce ouverte à tous ne peut pas être réservée à des rôles ou à des groupes.',
      'An announcement that is open to everybody cannot be kept to roles or groups.',
    ],
  ),
  unknown_file: entry(
    400,
    ['Fichier inconnu', 'Unknown file'],
    [
      'Un des fichiers joints n’est pas, ou plus, dans la médiathèque.',
      'One of the attached files is not in the media library, or no longer.',
    ],
  ),
  expires_before: entry(
    400,
    ['Fin avant le début', 'End before the beginning'],
    [
      'L’annonce expirerait avant d’être publiée, ou a déjà expiré.',
      'The announcement would expire before it is published, or has expired already.',
    ],
  ),
  unknown_group: entry(
    400,
    ['Groupe inconnu', 'Unknown group'],
    ['Un des groupes choisis n’existe pas.', 'One of the chosen groups does not exist.'],
  ),
  range_too_long: entry(
    400,
    ['Période trop longue', 'Period too long'],
    [
      'La période doit compter au plus {limit} jours, et finir après son début.',
      'The period must be at most {limit} days, and end after its start.',
    ],
  ),
  unknown_module: entry(
    400,
    ['Module inconnu', 'Unknown module'],
    ['Module inconnu : {modules}.', 'Unknown module: {modules}.'],
  ),
  wrong_code: entry(
    400,
    ['Code incorrect', 'Wrong code'],
    [
      'Ce n’est pas le code du message ; essais restants : {left}.',
      'This is not the code of the mail; attempts left: {left}.',
    ],
  ),
  confirmation_required: entry(
    400,
    ['Confirmation requise', 'Confirmation required'],
    [
      'L’en-tête X-Confirm doit contenir le sous-domaine « {subdomain} ».',
      'The X-Confirm header must hold the subdomain “{subdomain}”.',
    ],
  ),
  file_expected: entry(
    400,
    ['Fichier attendu', 'File expected'],
    [
      'Envoyez un fichier : un formulaire multipart/form-data, ou le fichier lui-même ({types}).',
      'Send a file: a multipart/form-data form, or the file itself ({types}).',
    ],
  ),
  import_columns_missing: entry(
    400,
    ['Colonnes introuvables', 'Columns missing'],
    [
      'La première ligne du fichier doit nommer les colonnes ; il manque : {columns}.',
      'The first line of the file must name the columns; missing: {columns}.',
    ],
  ),
  not_authenticated: entry(
    401,
    ['Connexion requise', 'Authentication required'],
    ['Connectez-vous, ou présentez une clé d’API.', 'Log in, or present an API key.'],
  ),
  invalid_credentials: entry(
    401,
    ['Identifiants incorrects', 'Invalid credentials'],
    [
      'L’adresse électronique ou le mot de passe est incorrect.',
      'The e-mail address or the password is wrong.',
    ],
  ),
  second_factor_required: entry(
    401,
    ['Second facteur demandé', 'Second factor required'],
    [
      'Donnez le code de votre application, un code de secours, ou utilisez une clé d’accès.',
      'Give the code of your application, a recovery code, or use a passkey.',
    ],
  ),
  second_factor_invalid: entry(
    401,
    ['Code refusé', 'Code refused'],
    [
      'Ce code est incorrect, trop ancien ou déjà utilisé. Attendez le suivant.',
      'This code is wrong, too old or used already. Wait for the next one.',
    ],
  ),
  passkey_refused: entry(
    401,
    ['Clé d’accès refusée', 'Passkey refused'],
    [
      'Cette clé d’accès n’ouvre rien ici, ou la demande a expiré. Recommencez.',
      'This passkey opens nothing here, or the request has expired. Try again.',
    ],
  ),
  sso_refused: entry(
    401,
    ['Connexion refusée', 'Log-in refused'],
    [
      'La réponse du fournisseur de connexion ne convient pas, ou la demande a expiré. Recommencez.',
      'The answer of the log-in provider does not fit, or the request has expired. Try again.',
    ],
  ),
  invalid_api_key: entry(
    401,
    ['Clé d’API refusée', 'Invalid API key'],
    ['Cette clé d’API est inconnue, révoquée ou expirée.', 'This API key is unknown, revoked or expired.'],
  ),
  permission_denied: entry(
    403,
    ['Accès refusé', 'Permission denied'],
    [
      'Vous n’avez pas le droit de faire cela (« {permission} »).',
      'You are not allowed to do this (“{permission}”).',
    ],
  ),
  second_factor_missing: entry(
    403,
    ['Second facteur à configurer', 'Second factor to be set up'],
    [
      'Un second facteur est exigé ici : configurez-le pour continuer.',
      'A second factor is demanded here: set it up to go on.',
    ],
  ),
  sso_only: entry(
    403,
    ['Connexion par le fournisseur', 'Log in with the provider'],
    [
      'Ici, on se connecte avec le fournisseur de l’établissement, pas avec un mot de passe.',
      'Here one logs in with the school’s provider, not with a password.',
    ],
  ),
  sso_email_unverified: entry(
    403,
    ['Adresse non vérifiée', 'Address not verified'],
    [
      'Le fournisseur de connexion n’a pas vérifié votre adresse électronique.',
      'The log-in provider has not verified your e-mail address.',
    ],
  ),
  sso_not_a_member: entry(
    403,
    ['Accès non prévu', 'No access'],
    [
      'Le fournisseur vous connaît, mais l’établissement ne vous a pas donné accès. Adressez-vous à lui.',
      'The provider knows you, but the school has not given you access. Ask the school.',
    ],
  ),
  wrong_host: entry(
    403,
    ['Mauvaise adresse', 'Wrong host'],
    [
      'Cette session ou cette clé appartient à une autre adresse.',
      'This session or key belongs to another address.',
    ],
  ),
  support_not_granted: entry(
    403,
    ['Accès non accordé', 'Not let in'],
    [
      'L’établissement n’a pas accordé cet accès, ou il a pris fin.',
      'The school has not granted this access, or it has ended.',
    ],
  ),
  support_open: entry(
    409,
    ['Demande déjà ouverte', 'Already asked'],
    [
      'Vous avez déjà une demande ou un accès en cours dans cet établissement.',
      'You already have a request or an access open at this school.',
    ],
  ),
  support_decided: entry(
    409,
    ['Demande déjà traitée', 'Already answered'],
    ['Cette demande n’attend plus de réponse.', 'This request no longer awaits an answer.'],
  ),
  address_not_allowed: entry(
    403,
    ['Adresse non autorisée', 'Address not allowed'],
    [
      'Cette clé d’API ne peut pas être utilisée depuis cette adresse.',
      'This API key cannot be used from this address.',
    ],
  ),
  registration_closed: entry(
    403,
    ['Inscriptions fermées', 'Registration closed'],
    [
      'Cet établissement n’accepte pas d’inscription libre ; demandez-lui une invitation.',
      'This school does not take registrations; ask it for an invitation.',
    ],
  ),
  signup_closed: entry(
    403,
    ['Demandes fermées', 'Requests closed'],
    [
      'Aucun nouvel établissement ne peut être demandé ici en ce moment.',
      'No new school can be asked for here at the moment.',
    ],
  ),
  invitations_closed: entry(
    403,
    ['Invitations fermées', 'Invitations closed'],
    [
      'Dans les réglages de cet établissement, l’inscription des membres est fermée : personne n’y est invité.',
      'In the settings of this school, registration of members is closed: nobody is invited.',
    ],
  ),
  membership_pending: entry(
    403,
    ['Inscription en attente', 'Registration pending'],
    [
      'Votre inscription attend l’accord de l’établissement ; un message vous préviendra.',
      'Your registration awaits the school’s approval; a message will tell you.',
    ],
  ),
  cross_site_request: entry(
    403,
    ['Requête d’un autre site', 'Cross-site request'],
    [
      'La requête vient d’un autre site ; elle a été refusée.',
      'The request comes from another site and was refused.',
    ],
  ),
  tenant_inactive: entry(
    403,
    ['Établissement fermé', 'School closed'],
    ['L’espace de cet établissement est fermé.', 'This school’s space is closed.'],
  ),
  tenant_not_ready: entry(
    403,
    ['Espace en préparation', 'Space being prepared'],
    ['L’espace de cet établissement n’est pas encore ouvert.', 'This school’s space is not open yet.'],
  ),
  module_disabled: entry(
    403,
    ['Module désactivé', 'Module switched off'],
    [
      'Le module « {module} » est désactivé dans cet établissement.',
      'The module “{module}” is switched off in this school.',
    ],
  ),
  tenant_not_found: entry(
    404,
    ['Établissement introuvable', 'School not found'],
    ['Aucun établissement à cette adresse.', 'There is no school at this address.'],
  ),
  not_found: entry(
    404,
    ['Introuvable', 'Not found'],
    ['Cette ressource n’existe pas, ou pas ici.', 'This resource does not exist, or not here.'],
  ),
  sso_not_configured: entry(
    404,
    ['Pas de fournisseur de connexion', 'No log-in provider'],
    ['Cet établissement n’a pas de fournisseur de connexion.', 'This school has no log-in provider.'],
  ),
  invitation_not_found: entry(
    404,
    ['Invitation introuvable', 'Invitation not found'],
    [
      'Cette invitation est inconnue ; ouvrez le lien depuis le message, ou demandez-en une autre.',
      'This invitation is unknown; open the link from the mail, or ask for another one.',
    ],
  ),
  link_unknown: entry(
    404,
    ['Lien inconnu', 'Unknown link'],
    [
      'Ce lien est inconnu ou incomplet ; ouvrez-le depuis le message, ou demandez-en un nouveau.',
      'This link is unknown or incomplete; open it from the mail, or ask for a new one.',
    ],
  ),
  method_not_allowed: entry(
    405,
    ['Méthode refusée', 'Method not allowed'],
    ['Méthodes acceptées ici : {allowed}.', 'Methods accepted here: {allowed}.'],
  ),
  second_factor_exists: entry(
    409,
    ['Application déjà configurée', 'Application already set up'],
    [
      'Une application d’authentification est déjà en service ; retirez-la d’abord.',
      'An authenticator application is in use already; remove it first.',
    ],
  ),
  second_factor_not_begun: entry(
    409,
    ['Rien à confirmer', 'Nothing to confirm'],
    [
      'Aucune configuration n’est commencée : demandez d’abord un secret.',
      'No set-up has begun: ask for a secret first.',
    ],
  ),
  passkey_known: entry(
    409,
    ['Clé d’accès déjà enregistrée', 'Passkey known already'],
    ['Cette clé d’accès est déjà enregistrée.', 'This passkey is kept already.'],
  ),
  link_used: entry(
    409,
    ['Lien déjà utilisé', 'Link already used'],
    [
      'Ce lien a déjà servi ; demandez-en un nouveau si besoin.',
      'This link has been used already; ask for a new one if need be.',
    ],
  ),
  already_member: entry(
    409,
    ['Déjà membre', 'Already a member'],
    ['Cette personne est déjà membre de l’établissement.', 'This person is a member of the school already.'],
  ),
  member_waiting: entry(
    409,
    ['Inscription en attente', 'Registration waiting'],
    [
      'Cette personne demande à être admise : acceptez ou refusez sa demande.',
      'This person asks to be admitted: approve or refuse the request.',
    ],
  ),
  group_kept: entry(
    409,
    ['Groupe tenu à jour par ailleurs', 'Group kept by something else'],
    [
      'Ce groupe suit une classe ou un autre élément de l’établissement ; modifiez-le là.',
      'This group follows a class or something else of the school; change it there.',
    ],
  ),
  group_not_open: entry(
    403,
    ['Groupe fermé à ce rôle', 'Group not open to this role'],
    [
      'Ce groupe n’est pas ouvert aux personnes de votre rôle.',
      'This group is not open to people of your role.',
    ],
  ),
  may_not_write: entry(
    403,
    ['Écriture impossible', 'May not write'],
    [
      'Votre établissement ne prévoit pas que vous écriviez à cette personne ou à ce groupe.',
      'Your school does not let you write to this person or group.',
    ],
  ),
  too_many_waiting_files: entry(
    409,
    ['Trop de fichiers en attente', 'Too many files waiting'],
    [
      'Vous avez déjà {limit} fichiers prêts à être envoyés. Envoyez-les ou retirez-en avant d’en ajouter.',
      'You already have {limit} files ready to be sent. Send or remove some before adding others.',
    ],
  ),
  wrong_organisation: entry(
    403,
    ['Autre établissement', 'Another organisation'],
    [
      'Ce message s’adresse à un autre établissement que celui de la connexion.',
      'This message is for another organisation than that of the connection.',
    ],
  ),
  unknown_operation: entry(
    400,
    ['Opération inconnue', 'Unknown operation'],
    ['L’opération « {op} » n’existe pas.', 'There is no operation “{op}”.'],
  ),
  last_admin: entry(
    409,
    ['Dernier administrateur', 'Last administrator'],
    [
      'C’est le dernier administrateur de l’établissement ; nommez-en d’abord un autre.',
      'This is the school’s last administrator; name another one first.',
    ],
  ),
  seats_exhausted: entry(
    409,
    ['Plus de place', 'No seat left'],
    [
      'Les {limit} places d’élèves de cet établissement sont prises ({used}).',
      'All {limit} student seats of this school are taken ({used}).',
    ],
  ),
  email_taken: entry(
    409,
    ['Adresse déjà utilisée', 'Address in use'],
    ['Cette adresse est celle d’un autre compte.', 'This address belongs to another account.'],
  ),
  subdomain_taken: entry(
    409,
    ['Sous-domaine déjà pris', 'Subdomain taken'],
    ['Le sous-domaine « {subdomain} » est déjà utilisé.', 'The subdomain “{subdomain}” is already in use.'],
  ),
  announcement_not_waiting: entry(
    409,
    ['Annonce déjà traitée', 'Announcement already dealt with'],
    [
      'Cette annonce n’attend pas de décision : son état est « {status} ».',
      'This announcement does not wait for a decision: its status is “{status}”.',
    ],
  ),
  signup_decided: entry(
    409,
    ['Demande déjà traitée', 'Request already dealt with'],
    [
      'Cette demande n’en est plus là : son état est « {status} ».',
      'This request is past that: its status is “{status}”.',
    ],
  ),
  signups_waiting: entry(
    409,
    ['Demandes en attente', 'Requests waiting'],
    [
      'Vous avez déjà {count} demandes en attente de réponse.',
      'You have {count} requests waiting for an answer already.',
    ],
  ),
  signup_not_open: entry(
    409,
    ['Établissement pas encore ouvert', 'School not open yet'],
    [
      'L’établissement que vous avez demandé n’est pas encore ouvert.',
      'The school that you asked for is not open yet.',
    ],
  ),
  domain_taken: entry(
    409,
    ['Domaine déjà pris', 'Domain taken'],
    [
      'Le domaine « {domain} » est déjà utilisé sur la plateforme.',
      'The domain “{domain}” is already in use on the platform.',
    ],
  ),
  domain_not_active: entry(
    409,
    ['Domaine à vérifier', 'Domain not verified'],
    [
      'Le domaine « {domain} » doit être vérifié avant de devenir principal.',
      'The domain “{domain}” must be verified before it can be primary.',
    ],
  ),
  domain_is_primary: entry(
    409,
    ['Domaine principal', 'Primary domain'],
    [
      '« {domain} » est le domaine principal ; choisissez-en d’abord un autre.',
      '“{domain}” is the primary domain; choose another one first.',
    ],
  ),
  domain_is_subdomain: entry(
    409,
    ['Adresse d’origine', 'Platform address'],
    [
      '« {domain} » est l’adresse de l’établissement sur la plateforme ; elle ne se retire pas.',
      '“{domain}” is the school’s address on the platform and cannot be removed.',
    ],
  ),
  domain_is_former: entry(
    409,
    ['Ancienne adresse', 'Former address'],
    [
      '« {domain} » est une ancienne adresse de l’établissement : elle redirige, rien d’autre, jusqu’à sa libération.',
      '“{domain}” is a former address of the school: it redirects and no more, until it is given free.',
    ],
  ),
  uai_taken: entry(
    409,
    ['UAI déjà pris', 'UAI taken'],
    [
      'L’UAI {uai} est déjà celui d’un autre établissement.',
      'The UAI {uai} already belongs to another school.',
    ],
  ),
  already_provisioned: entry(
    409,
    ['Déjà provisionné', 'Already provisioned'],
    ['L’espace de cet établissement existe déjà.', 'This school’s space exists already.'],
  ),
  not_provisioned: entry(
    409,
    ['Pas encore provisionné', 'Not provisioned'],
    ['L’espace de cet établissement n’existe pas encore.', 'This school’s space does not exist yet.'],
  ),
  illegal_transition: entry(
    409,
    ['Changement d’état impossible', 'Illegal transition'],
    ['Impossible de passer de « {from} » à « {to} ».', 'Cannot go from “{from}” to “{to}”.'],
  ),
  no_school_matches: entry(
    409,
    ['Aucun établissement', 'No school'],
    ['Aucun établissement ne correspond à ce choix.', 'No school matches this choice.'],
  ),
  too_many_schools: entry(
    409,
    ['Trop d’établissements', 'Too many schools'],
    [
      'Ce choix compte {count} établissements ; une opération en prend {limit} au plus.',
      'This choice has {count} schools; one operation takes {limit} at most.',
    ],
  ),
  bundle_damaged: entry(
    422,
    ['Archive abîmée', 'Damaged archive'],
    [
      'Cette archive ne peut pas être utilisée ; rien n’a été changé. {why}.',
      'This archive cannot be used; nothing was changed. {why}.',
    ],
  ),
  bundle_locked: entry(
    409,
    ['Archive chiffrée', 'Encrypted archive'],
    [
      'Cette archive est chiffrée pour une clé que cette installation n’a pas.',
      'This archive is encrypted for a key that this installation does not have.',
    ],
  ),
  bundle_newer: entry(
    409,
    ['Archive plus récente', 'Newer archive'],
    [
      'Cette archive vient d’une version plus récente ({version}) : mettez d’abord l’installation à jour.',
      'This archive comes from a newer version ({version}): upgrade the installation first.',
    ],
  ),
  bundle_not_ready: entry(
    409,
    ['Archive inutilisable', 'Archive not usable'],
    [
      'Cette archive n’est pas terminée, ou sa fabrication a échoué.',
      'This archive is not finished, or could not be made.',
    ],
  ),
  job_in_progress: entry(
    409,
    ['Travail déjà en cours', 'Work in progress'],
    [
      'Le même travail est déjà en cours (tâche {job_id}).',
      'The same work is in progress already (job {job_id}).',
    ],
  ),
  job_ended: entry(
    409,
    ['Tâche terminée', 'Job ended'],
    ['Cette tâche est déjà terminée.', 'This job has ended already.'],
  ),
  module_dependency: entry(
    409,
    ['Dépendance entre modules', 'Module dependency'],
    ['Modules en cause : {blockers}.', 'Modules in the way: {blockers}.'],
  ),
  last_network: entry(
    409,
    ['Réseau utilisé', 'Network in use'],
    ['Ce réseau regroupe encore des établissements.', 'This network still groups schools.'],
  ),
  idempotency_in_progress: entry(
    409,
    ['Requête en cours', 'Request in progress'],
    [
      'La même requête (Idempotency-Key) est encore en cours.',
      'The same request (Idempotency-Key) is still in progress.',
    ],
  ),
  invitation_revoked: entry(
    410,
    ['Invitation retirée', 'Invitation taken back'],
    [
      'L’établissement a retiré cette invitation, ou en a envoyé une autre.',
      'The school has taken this invitation back, or has sent another one.',
    ],
  ),
  link_expired: entry(
    410,
    ['Lien expiré', 'Expired link'],
    [
      'Ce lien n’est plus valable ; demandez-en un nouveau.',
      'This link is no longer valid; ask for a new one.',
    ],
  ),
  no_theme_draft: entry(
    409,
    ['Aucun brouillon', 'No draft'],
    [
      'Aucun brouillon de l’apparence n’attend d’être publié.',
      'No draft of the look is waiting to be published.',
    ],
  ),
  theme_picture_gone: entry(
    409,
    ['Image disparue', 'Picture gone'],
    [
      'Cette image n’est plus gardée : envoyez-la de nouveau, ou choisissez-en une autre.',
      'This picture is no longer kept: send it again, or choose another.',
    ],
  ),
  precondition_failed: entry(
    412,
    ['Modifié entre-temps', 'Precondition failed'],
    ['La ressource a changé depuis que vous l’avez lue.', 'The resource has changed since you read it.'],
  ),
  payload_too_large: entry(
    413,
    ['Requête trop volumineuse', 'Payload too large'],
    ['Le corps de la requête dépasse {limit} octets.', 'The request body is larger than {limit} bytes.'],
  ),
  quota_exceeded: entry(
    413,
    ['Espace insuffisant', 'Quota exceeded'],
    [
      'L’espace de l’établissement ne suffit pas : {used} octets occupés ou réservés sur {limit}, {asked} demandés ; rien n’a été enregistré.',
      'The school has not enough room: {used} bytes used or promised of {limit}, {asked} asked for; nothing was saved.',
    ],
  ),
  file_too_large: entry(
    413,
    ['Fichier trop volumineux', 'File too large'],
    [
      '« {name} » dépasse {limit} octets ; rien n’a été enregistré.',
      '“{name}” is larger than {limit} bytes; nothing was saved.',
    ],
  ),
  file_type_refused: entry(
    415,
    ['Type de fichier refusé', 'File type refused'],
    [
      '« {name} » est d’un type ({type}) qui n’est pas accepté ici ; rien n’a été enregistré.',
      '“{name}” is of a type ({type}) that is not accepted here; nothing was saved.',
    ],
  ),
  image_refused: entry(
    422,
    ['Image illisible', 'Image refused'],
    [
      '« {name} » est abîmée, ou compte plus de {limit} millions de points ; rien n’a été enregistré.',
      '“{name}” is damaged, or has more than {limit} million pixels; nothing was saved.',
    ],
  ),
  upload_cut: entry(
    400,
    ['Envoi interrompu', 'Upload cut'],
    [
      'Le formulaire s’arrête avant sa fin ; rien n’a été enregistré.',
      'The form ends before its end; nothing was saved.',
    ],
  ),
  range_not_satisfiable: entry(
    416,
    ['Plage hors du fichier', 'Range not satisfiable'],
    ['Le fichier compte {bytes} octets.', 'The file has {bytes} bytes.'],
  ),
  student_known: entry(
    409,
    ['Élève déjà inscrit', 'Student entered already'],
    [
      'Un élève de cet établissement porte déjà ce numéro.',
      'A student of this school has this number already.',
    ],
  ),
  still_in_use: entry(
    409,
    ['Encore utilisé', 'Still in use'],
    ['Des classes ou des élèves y sont encore rattachés.', 'Classes or students still belong to it.'],
  ),
  no_current_year: entry(
    409,
    ['Pas d’année scolaire', 'No school year'],
    ['Créez d’abord l’année scolaire en cours.', 'Make the current school year first.'],
  ),
  student_left: entry(
    409,
    ['Élève parti', 'Student gone'],
    [
      'Cet élève a quitté l’établissement ; inscrivez-le à nouveau d’abord.',
      'This student has left the school; enrol them again first.',
    ],
  ),
  record_tied: entry(
    409,
    ['Compte déjà rattaché', 'Account tied already'],
    ['Cette fiche a déjà un compte.', 'This record has an account already.'],
  ),
  account_tied: entry(
    409,
    ['Compte d’une autre fiche', 'Account of another record'],
    [
      'Le compte de cette adresse est déjà rattaché à une autre fiche.',
      'The account of this address belongs to another record already.',
    ],
  ),
  import_not_waiting: entry(
    409,
    ['Import déjà confirmé', 'Import confirmed already'],
    [
      'Cet import n’attend plus de confirmation ; consultez son compte rendu.',
      'This import does not wait to be confirmed any more; see its report.',
    ],
  ),
  import_running: entry(
    409,
    ['Import en cours', 'Import running'],
    ['Attendez la fin de l’import.', 'Wait until the import has ended.'],
  ),
  student_import_too_long: entry(
    413,
    ['Fichier trop long', 'File too long'],
    [
      'Un fichier compte au plus {limit} élèves ; partagez-le.',
      'A file holds {limit} students at most; split it.',
    ],
  ),
  import_too_long: entry(
    413,
    ['Fichier trop long', 'File too long'],
    [
      'Un fichier compte au plus {limit} établissements ; partagez-le.',
      'A file holds {limit} schools at most; split it.',
    ],
  ),
  uri_too_long: entry(
    414,
    ['Adresse trop longue', 'URI too long'],
    ['L’adresse demandée est trop longue.', 'The requested address is too long.'],
  ),
  unsupported_media_type: entry(
    415,
    ['Format refusé', 'Unsupported media type'],
    ['Seul application/json est accepté ici.', 'Only application/json is accepted here.'],
  ),
  misdirected_host: entry(
    421,
    ['Adresse illisible', 'Invalid host'],
    [
      'L’en-tête Host de la requête n’est pas un nom d’hôte.',
      'The Host header of the request is not a host name.',
    ],
  ),
  idempotency_mismatch: entry(
    422,
    ['Clé déjà utilisée', 'Idempotency key reused'],
    [
      'Cette Idempotency-Key a servi pour une autre requête.',
      'This Idempotency-Key was used for another request.',
    ],
  ),
  too_many_requests: entry(
    429,
    ['Trop de requêtes', 'Too many requests'],
    ['Réessayez dans {retry_after} secondes.', 'Try again in {retry_after} seconds.'],
  ),
  internal_error: entry(
    500,
    ['Erreur interne', 'Internal error'],
    [
      'Une erreur inattendue s’est produite ; indiquez l’identifiant de la requête au support.',
      'An unexpected error occurred; give the request id to support.',
    ],
  ),
  migration_failed: entry(
    500,
    ['Échec de la mise à niveau', 'Migration failed'],
    [
      'L’espace de l’établissement n’a pas pu être mis à niveau ; rien n’a changé. Voyez « preau fleet status ».',
      'The school’s space could not be brought up to date; nothing was changed. See preau fleet status.',
    ],
  ),
  migrations_missing: entry(
    503,
    ['Base à mettre à niveau', 'Database behind'],
    [
      'La base de données est plus ancienne que ce programme : lancez « preau migrate ».',
      'The database is older than this program: run preau migrate.',
    ],
  ),
  provisioning_failed: entry(
    500,
    ['Échec du provisionnement', 'Provisioning failed'],
    [
      'L’étape « {step} » a échoué ; l’établissement est enregistré mais sans espace : relancez son provisionnement.',
      'The step “{step}” failed; the school is entered but has no space: provision it again.',
    ],
  ),
  sso_provider_unreachable: entry(
    502,
    ['Fournisseur injoignable', 'Provider unreachable'],
    [
      'Le fournisseur de connexion ne répond pas comme attendu. Réessayez plus tard.',
      'The log-in provider does not answer as expected. Try again later.',
    ],
  ),
  service_unavailable: entry(
    503,
    ['Service indisponible', 'Service unavailable'],
    [
      'La base de données ne répond pas ; rien n’a été enregistré, réessayez dans un instant.',
      'The database does not answer; nothing was saved, try again in a moment.',
    ],
  ),
  tenant_busy: entry(
    503,
    ['Établissement très sollicité', 'School busy'],
    [
      'Cet établissement a trop de requêtes en cours ; rien n’a été enregistré, réessayez dans {retry_after} s.',
      'This school has too many requests under way; nothing was saved, try again in {retry_after} s.',
    ],
  ),
} as const satisfies Record<string, ErrorEntry>;

export type ErrorCode = keyof typeof ERRORS;

/** Codes of `errors[]`: what is wrong with one field. `{…}` is filled from the rule's own parameters. */
export const FIELD_ERRORS = {
  no_seat: { fr: 'Plus de place d’élève ({limit} en tout).', en: 'No student seat left ({limit} in all).' },
  changed_since_check: {
    fr: 'La fiche a changé depuis la vérification ; vérifiez à nouveau ce fichier.',
    en: 'The record has changed since the check; check this file again.',
  },
  line_repeated: { fr: 'Le même élève est à la ligne {line}.', en: 'The same student is on line {line}.' },
  several_match: {
    fr: 'Plusieurs fiches portent ce nom et cette date de naissance ; indiquez l’INE.',
    en: 'Several records have this name and birth date; give the INE.',
  },
  key_missing: {
    fr: 'Indiquez l’INE ou la date de naissance : sans eux l’élève ne pourrait être reconnu.',
    en: 'Give the INE or the birth date: without them the student could not be recognised.',
  },
  class_unknown: {
    fr: 'La classe {name} n’existe pas cette année-là.',
    en: 'There is no class {name} in that year.',
  },
  unknown_reference: { fr: 'Introuvable ici : {value}.', en: 'Not found here: {value}.' },
  date_format: { fr: 'Une date comme 31/12/2014.', en: 'A date such as 31/12/2014.' },
  required: { fr: 'Ce champ est obligatoire.', en: 'This field is required.' },
  blank: { fr: 'Ce champ ne peut pas être vide.', en: 'This field cannot be blank.' },
  unknown_field: { fr: 'Champ inconnu.', en: 'Unknown field.' },
  type: { fr: 'Type attendu : {type}.', en: 'Expected type: {type}.' },
  enum: { fr: 'Valeurs possibles : {allowed}.', en: 'Possible values: {allowed}.' },
  min_length: { fr: 'Au moins {limit} caractères.', en: 'At least {limit} characters.' },
  max_length: { fr: 'Au plus {limit} caractères.', en: 'At most {limit} characters.' },
  minimum: { fr: 'La valeur minimale est {limit}.', en: 'The smallest value is {limit}.' },
  maximum: { fr: 'La valeur maximale est {limit}.', en: 'The largest value is {limit}.' },
  cidr: {
    fr: 'Une adresse IP ou un réseau, comme 192.0.2.0/24.',
    en: 'An IP address or a network, such as 192.0.2.0/24.',
  },
  wrong_password: { fr: 'Ce n’est pas votre mot de passe actuel.', en: 'This is not your current password.' },
  one_time_code: {
    fr: 'Ce code est incorrect, trop ancien ou déjà utilisé.',
    en: 'This code is wrong, too old or used already.',
  },
  empty: { fr: 'Au moins un champ est attendu.', en: 'At least one field is expected.' },
  format: { fr: 'Format incorrect.', en: 'Wrong format.' },
  subdomain_format: {
    fr: 'De 1 à 63 caractères parmi a-z, 0-9 et le tiret, sans tiret au début ni à la fin. Exemple : lycee-hugo.',
    en: '1 to 63 characters among a-z, 0-9 and hyphen, with no hyphen first or last. Example: lycee-hugo.',
  },
  subdomain_reserved: {
    fr: '« {value} » est réservé à la plateforme.',
    en: '“{value}” is reserved for the platform.',
  },
  subdomain_lookalike: {
    fr: '« {value} » ressemble trop à « {reserved} », réservé à la plateforme.',
    en: '“{value}” looks too much like “{reserved}”, reserved for the platform.',
  },
  domain_format: {
    fr: 'Un nom de domaine est attendu, sans protocole, port ni chemin. Exemple : www.lycee-hugo.fr.',
    en: 'A domain name is expected, without scheme, port or path. Example: www.lycee-hugo.fr.',
  },
  domain_reserved: {
    fr: 'Ce domaine appartient à la plateforme.',
    en: 'This domain belongs to the platform.',
  },
  color: {
    fr: 'Une couleur #RRGGBB est attendue. Exemple : #2E7D32.',
    en: 'A #RRGGBB colour is expected. Example: #2E7D32.',
  },
  phone: {
    fr: 'Un numéro français ou international est attendu. Exemples : 01 23 45 67 89, +33123456789.',
    en: 'A French or international number is expected. Examples: 01 23 45 67 89, +33123456789.',
  },
  uai: {
    fr: '7 chiffres et leur lettre de contrôle sont attendus. Exemple : 0750655E.',
    en: '7 digits and their check letter are expected. Example: 0750655E.',
  },
  email: { fr: 'Une adresse électronique est attendue.', en: 'An e-mail address is expected.' },
  url: { fr: 'Une adresse http(s):// est attendue.', en: 'An http(s):// address is expected.' },
  date: { fr: 'Une date AAAA-MM-JJ est attendue.', en: 'A YYYY-MM-DD date is expected.' },
  past_date: {
    fr: 'Une date AAAA-MM-JJ passée est attendue.',
    en: 'A YYYY-MM-DD date in the past is expected.',
  },
  moment: {
    fr: 'Une date (2026-11-23) ou une heure (2026-11-23T09:00) est attendue.',
    en: 'A day (2026-11-23) or a time (2026-11-23T09:00) is expected.',
  },
  tag: {
    fr: 'Des lettres, des chiffres, des espaces et des tirets.',
    en: 'Letters, digits, spaces and hyphens.',
  },
  uuid: { fr: 'Un identifiant UUID est attendu.', en: 'A UUID is expected.' },
  timezone: {
    fr: 'Un fuseau horaire connu est attendu. Exemple : Europe/Paris.',
    en: 'A known time zone is expected. Example: Europe/Paris.',
  },
  csv_malformed: { fr: 'Ligne CSV illisible.', en: 'Unreadable CSV line.' },
  csv_cells: {
    fr: 'La ligne a {count} cellules pour {columns} colonnes : un séparateur est-il sans guillemets ?',
    en: 'The line has {count} cells for {columns} columns: is a separator not quoted?',
  },
  taken: { fr: '« {value} » est déjà pris.', en: '“{value}” is already taken.' },
  duplicate_line: { fr: 'Même établissement qu’à la ligne {line}.', en: 'Same school as on line {line}.' },
  archived: {
    fr: 'Cet établissement est archivé : restaurez-le d’abord.',
    en: 'This school is archived: restore it first.',
  },
  unknown_module: { fr: 'Module inconnu : {value}.', en: 'Unknown module: {value}.' },
  unknown_network: { fr: 'Ce réseau n’existe pas.', en: 'This network does not exist.' },
  not_member: {
    fr: '« {value} » n’est pas membre de l’établissement.',
    en: '“{value}” is not a member of the school.',
  },
  unknown_ordering: { fr: 'Tri impossible sur « {value} ».', en: 'Cannot order by “{value}”.' },
} as const satisfies Record<string, Sentence>;

export type FieldErrorCode = keyof typeof FIELD_ERRORS;

/** What fills the placeholders of a sentence. */
export type SentenceValues = Readonly<
  Record<string, string | number | boolean | readonly string[] | null | undefined>
>;

/** Fills `{name}` placeholders; a missing value leaves the sentence readable. */
export function fillSentence(sentence: string, values: SentenceValues = {}): string {
  return sentence.replace(/\{(\w+)\}/g, (_, name: string) => {
    const value = values[name];
    return Array.isArray(value)
      ? value.join(', ')
      : value === undefined || value === null
        ? '…'
        : String(value);
  });
}
