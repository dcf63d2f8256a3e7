# vshell's completion for fish, written by 'python -m vshell.export': do not edit.

function __vshell_flags
    printf '%s\n' \
        '--local|1|none|Start a server of your own, or join it when it runs.' \
        '--data|2|file|The data directory of the local server.' \
        '--server|3|live:servers/{name}/url|The server to talk to.' \
        '--dc|4|live:servers//name,url|The data centre whose server to talk to, of those that server add knows.' \
        '--token|5|any|An API token; \'-\' reads it from standard input, \'@FILE\' from a file.' \
        '-u|6|live:managers/{username}/full_name|The manager to sign in as.' \
        '--user|6|live:managers/{username}/full_name|The manager to sign in as.' \
        '-p|7|any|Their password; \'-\' reads it from standard input.' \
        '--password|7|any|Their password; \'-\' reads it from standard input.' \
        '-c|0|any|Run this line; may be repeated.' \
        '-f|9|file|Run the lines of this file.' \
        '--file|9|file|Run the lines of this file.' \
        '--keep-going|10|none|Go on after a line that fails.' \
        '--dry-run|11|none|Ask the server what the lines would do, 500 changes at a time; change nothing.' \
        '--jobs|12|any|Run up to N lines at the same time, those that use no variables.' \
        '--report|13|file|Write what became of each line into this file, as JSON.' \
        '--output|14|one:table,vertical,json,jsonl,csv,tsv,yaml,markdown,ids|Show results as table, vertical, json, jsonl, csv, tsv, yaml, markdown or ids.' \
        '--yes|15|none|Answer yes to every question.' \
        '--version|16|none|Show the version.' \
        '-h|17|none|Show this help.' \
        '--help|17|none|Show this help.'
end

function __vshell_words
    switch $argv[1]
        case ''
            printf '%s\n' \
                'admin|admin|Pydio Cells\' spelling of apitoken create.' \
                'alias|alias|Words of your own that stand for the beginning of a line.' \
                'api|api|Send one request to the server and show its answer.' \
                'apitoken|apitoken|API tokens, which programs show instead of a password.' \
                'audit|audit|The audit chain: who did what, when and from where.' \
                'auth|auth|Vigo\'s commands: a token stored for this shell, your own tokens, emergency access.' \
                'clear|clear|Clear the screen.' \
                'doctor|doctor|Look whether all is well: files, server, encryption, clock, credential, keyring.' \
                'exit|exit|Leave the shell.' \
                'help|help|Show what a command does and how it is written, or a topic of the manual.' \
                'history|history|Show the lines typed last at this server\'s prompt; secrets are never among them.' \
                'login|login|Sign in with a password, which is asked for and not kept.' \
                'logout|logout|End the session that login opened, at the server and where it was kept.' \
                'manager|manager|Managers, the people and robots who may sign in and own tokens.' \
                'node|node|Paths with a UUID, which the scopes of tokens name.' \
                'permission|permission|Permissions, each a type of action in a realm.' \
                'project|project|The project of the directory, which goes with every command run there.' \
                'quit|exit|the same as exit' \
                'realm|realm|Realms, named sets of object types in which permissions are given.' \
                'role|role|Roles, named sets of permissions that managers hold.' \
                'server|server|Named servers that this shell talks to.' \
                'set|set|Change a setting of this shell at once, or show the settings and what they may be.' \
                'show|show|What this shell knows of itself.' \
                'source|source|Run the lines of a file, up to the first that fails; "help batch" tells more.' \
                'token|token|HashiCorp Vault\'s spellings of apitoken.' \
                'token-create|token create|the same as token create' \
                'token-lookup|token lookup|the same as token lookup' \
                'token-renew|token renew|the same as token renew' \
                'token-revoke|token revoke|the same as token revoke' \
                'token:generate|token:generate|Generate a token for your account, approved on a web page that you visit from any device.' \
                'token:list|token:list|List the tokens that were generated for your account: the ID, when and at which terminal; never the token.' \
                'token:revoke|token:revoke|Revoke a token at the terminal where it was generated; from this moment on it is of no use.' \
                'tutorial|tutorial|Learn by doing: create a token, use it, narrow one, revoke it, on a server of your own.' \
                'undo|undo|Take back the last change that was made at this prompt: a new name, an end, roles, permissions.' \
                'user|manager|the same as manager' \
                'vault|vault|HashiCorp Vault\'s spellings of apitoken and login.' \
                'vms|vms|The server\'s settings.' \
                'watch|watch|Run a command again and again, and mark what changes.' \
                'whoami|whoami|Show who you are to the server, and by what.'
        case 'admin'
            printf '%s\n' \
                'user|admin user|Pydio Cells\' spelling of apitoken create.'
        case 'admin user'
            printf '%s\n' \
                'token|admin user token|Generate a personal token for a user.'
        case 'alias'
            printf '%s\n' \
                'add|alias add|Give a name to the beginning of a line; what is typed behind the name is added to it.' \
                'list|alias list|List your aliases and what they stand for.' \
                'remove|alias remove|Take an alias out of your settings.'
        case 'apitoken'
            printf '%s\n' \
                'create|apitoken create|Create an API token, which can be used to securely authenticate calls to the REST API.' \
                'list|apitoken list|List API tokens, your own and, with View permission for the Security realm, those of others.' \
                'modify|apitoken modify|Modify the name or the expiration time of an API token.' \
                'renew|apitoken renew|Renew an API token from now on, never past its hard end, its parent\'s end or the longest life allowed.' \
                'revoke|apitoken revoke|Revoke an API token and all that descends from it: from now on nothing can be done with them.' \
                'rotate|apitoken rotate|Give an API token a new secret: id, name, rights, end and children stay.' \
                'scan|apitoken scan|Find API tokens in files, tell where, and which of them are live.' \
                'show|apitoken show|Show one API token, also a revoked one; its secret cannot be shown.' \
                'tree|apitoken tree|Draw an API token with all that descends from it; without --id all tokens of your own with theirs.' \
                'verify|apitoken verify|Tell what a token is: whom it stands for, what it may do now, and until when.'
        case 'audit'
            printf '%s\n' \
                'export|audit export|Export the whole chain with its signed checkpoints, as JSON lines, while it is read from the server.' \
                'find|audit find|Find the records about a token that turned up somewhere, revoked or not.' \
                'head|audit head|Show the end of the chain in one line, to keep where the server cannot write: on paper, in a mail.' \
                'list|audit list|List the newest audit records in their order, or those from a number on.' \
                'show|audit show|Show one audit record whole, with its hashes.' \
                'verify|audit verify|Verify that no record was edited, taken out, added, moved, cut or rewritten, and name the first bad one.'
        case 'auth'
            printf '%s\n' \
                'clear|auth clear|Remove the token that is stored for this server; at the server it stays what it is.' \
                'create-token|auth create-token|Create a new API token on the server; it is shown once and cannot be retrieved again.' \
                'emergency-access|auth emergency-access|Record an emergency access event in the tamper-evident audit trail (HIPAA 164.312(a)(2)(ii)).' \
                'list-tokens|auth list-tokens|List your API tokens on the server: ID, name, prefix, creation date and expiry.' \
                'revoke-token|auth revoke-token|Revoke an API token by its ID; it is invalid from this moment on, and so is all that was made with it.' \
                'set-token|auth set-token|Store an API token, which this shell then shows to this server without being told.' \
                'status|auth status|Show the token that is stored for this server, and whether it is valid.'
        case 'manager'
            printf '%s\n' \
                'create|manager create|Create a manager; nobody can give one more rights than they have themselves.' \
                'delete|manager delete|Delete a manager with all their API tokens; built-in managers cannot be deleted.' \
                'list|manager list|List managers: yourself and, with View permission for the Security realm, the others.' \
                'modify|manager modify|Modify a manager; built-in managers cannot be renamed, disabled or given fewer permissions.' \
                'set_password|manager set_password|Set your own password, or that of another manager; it is asked for and not shown.' \
                'show|manager show|Show one manager.' \
                'token|admin user token|the same as admin user token' \
                'unlock|manager unlock|Let a manager sign in again at once after wrong passwords, and set a new password if one is given.'
        case 'node'
            printf '%s\n' \
                'create|node create|Give a path a UUID, so that scopes can name it and all that lies below it.' \
                'delete|node delete|Delete a node; nothing is done to the files at its path.' \
                'list|node list|List nodes in the order of their paths.' \
                'show|node show|Show one node.'
        case 'permission'
            printf '%s\n' \
                'list|permission list|List permissions: create, view, edit and delete in each realm, and what each is about.'
        case 'project'
            printf '%s\n' \
                'clear|project clear|Take the mark away that makes this directory a project\'s, also when it lies above.' \
                'show|project show|Show the project of this directory, and the file that says so; or VSHELL_PROJECT, which goes before it.' \
                'use|project use|Make this directory, and all below it, a project\'s.'
        case 'realm'
            printf '%s\n' \
                'assign|realm assign|Assign object types to a realm; who has a permission in it has it for them at once.' \
                'create|realm create|Create a realm; permissions can be given in it as soon as it has an object type.' \
                'delete|realm delete|Delete a realm in which nobody has a permission; predefined realms cannot be deleted.' \
                'list|realm list|List realms and their object types.' \
                'modify|realm modify|Modify the name of a realm, or all of its object types at once; predefined realms stay as they are.' \
                'show|realm show|Show one realm.' \
                'unassign|realm unassign|Take object types from a realm; who has a permission in it loses it for them at once.'
        case 'role'
            printf '%s\n' \
                'assign|role assign|Assign permissions in a realm to a role; those that it has already stay.' \
                'create|role create|Create a role; nobody can give it more rights than they have themselves.' \
                'delete|role delete|Delete a role; default roles cannot be deleted.' \
                'list|role list|List roles and who holds them.' \
                'modify|role modify|Modify the name of a role, or all of its permissions at once; default roles stay as they are.' \
                'show|role show|Show one role with its permissions.' \
                'unassign|role unassign|Take permissions in a realm from a role; whoever holds it loses them at once.'
        case 'server'
            printf '%s\n' \
                'add|server add|Give a server a name, or change what is known of it.' \
                'list|server list|List the named servers; the current one is used when nothing else names a server.' \
                'remove|server remove|Forget a named server; what runs there is not touched, and neither is a session kept for it.' \
                'use|server use|Use a named server in this shell, and in later ones that are not told otherwise.'
        case 'show'
            printf '%s\n' \
                'settings|show settings|Show the settings of this shell, what they are for and what they may be.'
        case 'token'
            printf '%s\n' \
                'capabilities|token capabilities|Tell what a token may do at a path of Vault\'s door.' \
                'create|token create|Create a token, by default a child of your own with all that you may do.' \
                'generate|token:generate|the same as token:generate' \
                'list|token:list|the same as token:list' \
                'lookup|token lookup|Look a token up, or your own.' \
                'renew|token renew|Renew a token, or your own.' \
                'revoke|token revoke|Revoke a token and its children.'
        case 'vault'
            printf '%s\n' \
                'auth|vault auth|Go on with a token: from now on it says who you are, until this shell ends.' \
                'login|vault auth|the same as vault auth' \
                'token|vault token|' \
                'token-create|token create|the same as token create' \
                'token-lookup|token lookup|the same as token lookup' \
                'token-renew|token renew|the same as token renew' \
                'token-revoke|token revoke|the same as token revoke'
        case 'vault token'
            printf '%s\n' \
                'capabilities|token capabilities|the same as token capabilities' \
                'create|token create|the same as token create' \
                'lookup|token lookup|the same as token lookup' \
                'renew|token renew|the same as token renew' \
                'revoke|token revoke|the same as token revoke'
        case 'vms'
            printf '%s\n' \
                'get_pwd_settings|vms get_pwd_settings|Show the rules that passwords follow.' \
                'list|vms list|List the server, with its settings.' \
                'modify|vms modify|Modify the login banner, how long a sign-in lasts, what Vault\'s clients are given, who approves terminals.' \
                'modify_pwd_settings|vms modify_pwd_settings|Modify the rules that passwords follow; they hold at once, also for passwords that were set before.' \
                'set_max_api_tokens_per_user|vms set_max_api_tokens_per_user|Set how many API tokens each manager may have at the same time, 5 at first.' \
                'show|vms show|Show the server\'s settings.' \
                'show_pwd_settings|vms get_pwd_settings|the same as vms get_pwd_settings'
        case 'watch INTERVAL'
            printf '%s\n' \
                'admin|admin|Pydio Cells\' spelling of apitoken create.' \
                'alias|alias|Words of your own that stand for the beginning of a line.' \
                'api|api|Send one request to the server and show its answer.' \
                'apitoken|apitoken|API tokens, which programs show instead of a password.' \
                'audit|audit|The audit chain: who did what, when and from where.' \
                'auth|auth|Vigo\'s commands: a token stored for this shell, your own tokens, emergency access.' \
                'clear|clear|Clear the screen.' \
                'doctor|doctor|Look whether all is well: files, server, encryption, clock, credential, keyring.' \
                'exit|exit|Leave the shell.' \
                'help|help|Show what a command does and how it is written, or a topic of the manual.' \
                'history|history|Show the lines typed last at this server\'s prompt; secrets are never among them.' \
                'login|login|Sign in with a password, which is asked for and not kept.' \
                'logout|logout|End the session that login opened, at the server and where it was kept.' \
                'manager|manager|Managers, the people and robots who may sign in and own tokens.' \
                'node|node|Paths with a UUID, which the scopes of tokens name.' \
                'permission|permission|Permissions, each a type of action in a realm.' \
                'project|project|The project of the directory, which goes with every command run there.' \
                'quit|exit|the same as exit' \
                'realm|realm|Realms, named sets of object types in which permissions are given.' \
                'role|role|Roles, named sets of permissions that managers hold.' \
                'server|server|Named servers that this shell talks to.' \
                'set|set|Change a setting of this shell at once, or show the settings and what they may be.' \
                'show|show|What this shell knows of itself.' \
                'source|source|Run the lines of a file, up to the first that fails; "help batch" tells more.' \
                'token|token|HashiCorp Vault\'s spellings of apitoken.' \
                'token-create|token create|the same as token create' \
                'token-lookup|token lookup|the same as token lookup' \
                'token-renew|token renew|the same as token renew' \
                'token-revoke|token revoke|the same as token revoke' \
                'token:generate|token:generate|Generate a token for your account, approved on a web page that you visit from any device.' \
                'token:list|token:list|List the tokens that were generated for your account: the ID, when and at which terminal; never the token.' \
                'token:revoke|token:revoke|Revoke a token at the terminal where it was generated; from this moment on it is of no use.' \
                'tutorial|tutorial|Learn by doing: create a token, use it, narrow one, revoke it, on a server of your own.' \
                'undo|undo|Take back the last change that was made at this prompt: a new name, an end, roles, permissions.' \
                'user|manager|the same as manager' \
                'vault|vault|HashiCorp Vault\'s spellings of apitoken and login.' \
                'vms|vms|The server\'s settings.' \
                'whoami|whoami|Show who you are to the server, and by what.'
    end
end

function __vshell_options
    switch $argv[1]
        case 'alias add'
            printf '%s\n' \
                '--output|1|one:table,vertical,json,jsonl,csv,tsv,yaml,markdown,ids|Sets the format of the result.' \
                '--columns|0|some:alias,line|Shows only these columns, in this order.' \
                '--sort|3|one:alias,line|Sorts by this column; a minus before it reverses the order.' \
                '--filter|0|one:alias,line|Shows only records that meet all of these conditions.' \
                '--times|5|one:local,utc,relative|Sets how times are shown to people.' \
                '--token|6|any|Uses this token for this line alone; - asks for it, @FILE reads it.' \
                '--dc|7|live:servers//name,url|Goes to the server of this data centre for this line alone.'
        case 'alias list'
            printf '%s\n' \
                '--output|1|one:table,vertical,json,jsonl,csv,tsv,yaml,markdown,ids|Sets the format of the result.' \
                '--columns|0|some:alias,line|Shows only these columns, in this order.' \
                '--sort|3|one:alias,line|Sorts by this column; a minus before it reverses the order.' \
                '--filter|0|one:alias,line|Shows only records that meet all of these conditions.' \
                '--times|5|one:local,utc,relative|Sets how times are shown to people.' \
                '--token|6|any|Uses this token for this line alone; - asks for it, @FILE reads it.' \
                '--dc|7|live:servers//name,url|Goes to the server of this data centre for this line alone.'
        case 'alias remove'
            printf '%s\n' \
                '--output|1|one:table,vertical,json,jsonl,csv,tsv,yaml,markdown,ids|Sets the format of the result.' \
                '--columns|0|some:alias|Shows only these columns, in this order.' \
                '--sort|3|one:alias|Sorts by this column; a minus before it reverses the order.' \
                '--filter|0|one:alias|Shows only records that meet all of these conditions.' \
                '--times|5|one:local,utc,relative|Sets how times are shown to people.' \
                '--token|6|any|Uses this token for this line alone; - asks for it, @FILE reads it.' \
                '--dc|7|live:servers//name,url|Goes to the server of this data centre for this line alone.'
        case 'api'
            printf '%s\n' \
                '--output|1|one:table,vertical,json,jsonl,csv,tsv,yaml,markdown,ids|Sets the format of the result.' \
                '--columns|0|any|Shows only these columns, in this order.' \
                '--sort|3|any|Sorts by this column; a minus before it reverses the order.' \
                '--filter|0|any|Shows only records that meet all of these conditions.' \
                '--times|5|one:local,utc,relative|Sets how times are shown to people.' \
                '--token|6|any|Uses this token for this line alone; - asks for it, @FILE reads it.' \
                '--dc|7|live:servers//name,url|Goes to the server of this data centre for this line alone.'
        case 'apitoken create'
            printf '%s\n' \
                '--name|1|any|Customizes the name of the API token.' \
                '--expiry-date|2|one:1D,7D,30D,180D,1Y|Sets the time from the token\'s creation until it expires.' \
                '--owner|3|live:managers/{username}/full_name|Sets the owner of the token; use it to create a token for another user.' \
                '--auto|4|one:1D,7D,30D,180D,1Y|Sets how long the token lives after each use, which begins this time anew.' \
                '--hard-end|5|one:1D,7D,30D,180D,1Y|Sets the time after which nothing keeps the token alive.' \
                '--scopes|0|lives:nodes/node:{uuid}:r,node:{uuid}:rw/path|Narrows the token to these nodes and what lies below them.' \
                '--policies|0|lives:roles/{name}/|Gives the token only these of its owner\'s roles.' \
                '--num-uses|8|any|Sets how often it can be used; any number if not given.' \
                '--meta|0|any|Adds a note, which stands in every record of what it does.' \
                '--orphan|10|none|Makes it the child of no token, not even of yours.' \
                '--parent|11|live:apitokens/{id}/name,owner|Makes it the child of this token instead of yours; it dies with its parent.' \
                '--project|12|any|Limits it to this project; see: help projects.' \
                '--output|13|one:table,vertical,json,jsonl,csv,tsv,yaml,markdown,ids|Sets the format of the result.' \
                '--columns|0|some:id,token|Shows only these columns, in this order.' \
                '--sort|15|one:id,token|Sorts by this column; a minus before it reverses the order.' \
                '--filter|0|one:id,token|Shows only records that meet all of these conditions.' \
                '--times|17|one:local,utc,relative|Sets how times are shown to people.' \
                '--token|18|any|Uses this token for this line alone; - asks for it, @FILE reads it.' \
                '--dc|19|live:servers//name,url|Goes to the server of this data centre for this line alone.'
        case 'apitoken list'
            printf '%s\n' \
                '--archived|1|none|Includes revoked tokens, which are archived.' \
                '--owner|2|live:managers/{username}/full_name|Lists only the tokens of this owner.' \
                '--name|3|live:apitokens/{name}/id,owner|Lists only the tokens with this name.' \
                '--expiring-in|4|one:1D,7D,30D,180D,1Y|Lists only those that end within this time.' \
                '--unused-for|5|one:1D,7D,30D,180D,1Y|Lists only those unused for this long.' \
                '--parent|6|live:apitokens/{id}/name,owner|Lists only the children of this token.' \
                '--policy|7|live:roles/{name}/|Lists only those that were given this role by --policies.' \
                '--project|8|any|Lists only those that are limited to this project.' \
                '--output|9|one:table,vertical,json,jsonl,csv,tsv,yaml,markdown,ids|Sets the format of the result.' \
                '--columns|0|some:id,name,owner,expiry_date,last_used,revoked,revocation_time,created,state,kind,parent_id,max_expires_at,sliding_window,uses_left,renewable,policies,scopes,meta,path,project,terminal|Shows only these columns, in this order.' \
                '--sort|11|one:id,name,owner,expiry_date,last_used,revoked,revocation_time,created,state,kind,parent_id,max_expires_at,sliding_window,uses_left,renewable,policies,scopes,meta,path,project,terminal|Sorts by this column; a minus before it reverses the order.' \
                '--filter|0|one:id,name,owner,expiry_date,last_used,revoked,revocation_time,created,state,kind,parent_id,max_expires_at,sliding_window,uses_left,renewable,policies,scopes,meta,path,project,terminal|Shows only records that meet all of these conditions.' \
                '--times|13|one:local,utc,relative|Sets how times are shown to people.' \
                '--token|14|any|Uses this token for this line alone; - asks for it, @FILE reads it.' \
                '--dc|15|live:servers//name,url|Goes to the server of this data centre for this line alone.'
        case 'apitoken show'
            printf '%s\n' \
                '--id|1|live:apitokens/{id}/name,owner|Specifies the token to show.' \
                '--output|2|one:table,vertical,json,jsonl,csv,tsv,yaml,markdown,ids|Sets the format of the result.' \
                '--columns|0|some:id,name,owner,expiry_date,last_used,revoked,revocation_time,created,state,kind,parent_id,max_expires_at,sliding_window,uses_left,renewable,policies,scopes,meta,path,project,terminal|Shows only these columns, in this order.' \
                '--sort|4|one:id,name,owner,expiry_date,last_used,revoked,revocation_time,created,state,kind,parent_id,max_expires_at,sliding_window,uses_left,renewable,policies,scopes,meta,path,project,terminal|Sorts by this column; a minus before it reverses the order.' \
                '--filter|0|one:id,name,owner,expiry_date,last_used,revoked,revocation_time,created,state,kind,parent_id,max_expires_at,sliding_window,uses_left,renewable,policies,scopes,meta,path,project,terminal|Shows only records that meet all of these conditions.' \
                '--times|6|one:local,utc,relative|Sets how times are shown to people.' \
                '--token|7|any|Uses this token for this line alone; - asks for it, @FILE reads it.' \
                '--dc|8|live:servers//name,url|Goes to the server of this data centre for this line alone.'
        case 'apitoken modify'
            printf '%s\n' \
                '--id|1|live:apitokens/{id}/name,owner|Specifies the token to modify.' \
                '--name|2|any|Changes the name of the token.' \
                '--expiry-date|3|one:1D,7D,30D,180D,1Y|Changes the time from the token\'s creation until it expires.' \
                '--output|4|one:table,vertical,json,jsonl,csv,tsv,yaml,markdown,ids|Sets the format of the result.' \
                '--columns|0|some:id|Shows only these columns, in this order.' \
                '--sort|6|one:id|Sorts by this column; a minus before it reverses the order.' \
                '--filter|0|one:id|Shows only records that meet all of these conditions.' \
                '--times|8|one:local,utc,relative|Sets how times are shown to people.' \
                '--token|9|any|Uses this token for this line alone; - asks for it, @FILE reads it.' \
                '--dc|10|live:servers//name,url|Goes to the server of this data centre for this line alone.'
        case 'apitoken revoke'
            printf '%s\n' \
                '--id|-1|live:apitokens/{id}/name,owner|Specifies the token to revoke.' \
                '--prefix|-1|any|Revokes all tokens that were made at this path of the server or below it.' \
                '--orphan-children|3|none|Frees the children of the token instead of revoking them with it.' \
                '--output|4|one:table,vertical,json,jsonl,csv,tsv,yaml,markdown,ids|Sets the format of the result.' \
                '--columns|0|some:id|Shows only these columns, in this order.' \
                '--sort|6|one:id|Sorts by this column; a minus before it reverses the order.' \
                '--filter|0|one:id|Shows only records that meet all of these conditions.' \
                '--times|8|one:local,utc,relative|Sets how times are shown to people.' \
                '--yes|9|none|Goes ahead without asking.' \
                '--dry-run|10|none|Tells what would be sent to the server; changes nothing.' \
                '--token|11|any|Uses this token for this line alone; - asks for it, @FILE reads it.' \
                '--dc|12|live:servers//name,url|Goes to the server of this data centre for this line alone.'
        case 'apitoken renew'
            printf '%s\n' \
                '--id|1|live:apitokens/{id}/name,owner|Specifies the token to renew.' \
                '--increment|2|one:1D,7D,30D,180D,1Y|Sets how long it lives from now; what it was given last if not set.' \
                '--output|3|one:table,vertical,json,jsonl,csv,tsv,yaml,markdown,ids|Sets the format of the result.' \
                '--columns|0|some:id,name,owner,expiry_date,created,state,kind,parent_id,max_expires_at,sliding_window,uses_left,renewable,policies,scopes,meta,path,project,terminal|Shows only these columns, in this order.' \
                '--sort|5|one:id,name,owner,expiry_date,created,state,kind,parent_id,max_expires_at,sliding_window,uses_left,renewable,policies,scopes,meta,path,project,terminal|Sorts by this column; a minus before it reverses the order.' \
                '--filter|0|one:id,name,owner,expiry_date,created,state,kind,parent_id,max_expires_at,sliding_window,uses_left,renewable,policies,scopes,meta,path,project,terminal|Shows only records that meet all of these conditions.' \
                '--times|7|one:local,utc,relative|Sets how times are shown to people.' \
                '--token|8|any|Uses this token for this line alone; - asks for it, @FILE reads it.' \
                '--dc|9|live:servers//name,url|Goes to the server of this data centre for this line alone.'
        case 'apitoken rotate'
            printf '%s\n' \
                '--id|1|live:apitokens/{id}/name,owner|Specifies the token that gets a new secret.' \
                '--grace|2|one:1D,7D,30D,180D,1Y|Sets how long the old secret stays good; not at all if not given.' \
                '--output|3|one:table,vertical,json,jsonl,csv,tsv,yaml,markdown,ids|Sets the format of the result.' \
                '--columns|0|some:id,token|Shows only these columns, in this order.' \
                '--sort|5|one:id,token|Sorts by this column; a minus before it reverses the order.' \
                '--filter|0|one:id,token|Shows only records that meet all of these conditions.' \
                '--times|7|one:local,utc,relative|Sets how times are shown to people.' \
                '--yes|8|none|Goes ahead without asking.' \
                '--dry-run|9|none|Tells what would be sent to the server; changes nothing.' \
                '--token|10|any|Uses this token for this line alone; - asks for it, @FILE reads it.' \
                '--dc|11|live:servers//name,url|Goes to the server of this data centre for this line alone.'
        case 'apitoken tree'
            printf '%s\n' \
                '--id|1|live:apitokens/{id}/name,owner|Draws this token and all that descends from it.' \
                '--output|2|one:table,vertical,json,jsonl,csv,tsv,yaml,markdown,ids|Sets the format of the result.' \
                '--columns|0|some:id,name,owner,expiry_date,created,state,kind,parent_id,max_expires_at,sliding_window,uses_left,renewable,policies,scopes,meta,path,project,terminal|Shows only these columns, in this order.' \
                '--sort|4|one:id,name,owner,expiry_date,created,state,kind,parent_id,max_expires_at,sliding_window,uses_left,renewable,policies,scopes,meta,path,project,terminal|Sorts by this column; a minus before it reverses the order.' \
                '--filter|0|one:id,name,owner,expiry_date,created,state,kind,parent_id,max_expires_at,sliding_window,uses_left,renewable,policies,scopes,meta,path,project,terminal|Shows only records that meet all of these conditions.' \
                '--times|6|one:local,utc,relative|Sets how times are shown to people.' \
                '--token|7|any|Uses this token for this line alone; - asks for it, @FILE reads it.' \
                '--dc|8|live:servers//name,url|Goes to the server of this data centre for this line alone.'
        case 'apitoken verify'
            printf '%s\n' \
                '--output|1|one:table,vertical,json,jsonl,csv,tsv,yaml,markdown,ids|Sets the format of the result.' \
                '--columns|0|some:user,id,name,kind,expiry_date,uses_left,policies,scopes,permissions,owner,created,state,kind,parent_id,max_expires_at,sliding_window,uses_left,renewable,policies,scopes,meta,path,project,terminal|Shows only these columns, in this order.' \
                '--sort|3|one:user,id,name,kind,expiry_date,uses_left,policies,scopes,permissions,owner,created,state,kind,parent_id,max_expires_at,sliding_window,uses_left,renewable,policies,scopes,meta,path,project,terminal|Sorts by this column; a minus before it reverses the order.' \
                '--filter|0|one:user,id,name,kind,expiry_date,uses_left,policies,scopes,permissions,owner,created,state,kind,parent_id,max_expires_at,sliding_window,uses_left,renewable,policies,scopes,meta,path,project,terminal|Shows only records that meet all of these conditions.' \
                '--times|5|one:local,utc,relative|Sets how times are shown to people.' \
                '--token|6|any|Uses this token for this line alone; - asks for it, @FILE reads it.' \
                '--dc|7|live:servers//name,url|Goes to the server of this data centre for this line alone.'
        case 'apitoken scan'
            printf '%s\n' \
                '--revoke|1|none|Revokes those that are live without asking.' \
                '--output|2|one:table,vertical,json,jsonl,csv,tsv,yaml,markdown,ids|Sets the format of the result.' \
                '--columns|0|some:where,id,live,owner,name,expiry_date,revoked|Shows only these columns, in this order.' \
                '--sort|4|one:where,id,live,owner,name,expiry_date,revoked|Sorts by this column; a minus before it reverses the order.' \
                '--filter|0|one:where,id,live,owner,name,expiry_date,revoked|Shows only records that meet all of these conditions.' \
                '--times|6|one:local,utc,relative|Sets how times are shown to people.' \
                '--token|7|any|Uses this token for this line alone; - asks for it, @FILE reads it.' \
                '--dc|8|live:servers//name,url|Goes to the server of this data centre for this line alone.'
        case 'audit list'
            printf '%s\n' \
                '--actor|1|live:managers/{username}/full_name|Lists only what this manager did; local-admin is one too.' \
                '--action|2|live:actions/{name}/|Lists only this action.' \
                '--target|3|any|Lists only what was done to this id or name.' \
                '--outcome|4|one:done,refused|Lists only what was done, or what was refused.' \
                '--since|5|any|Lists only what was recorded from then on.' \
                '--until|6|any|Lists only what was recorded before.' \
                '--from|7|any|Begins at the record of this number.' \
                '--limit|8|any|Lists no more than so many, 100 if not given.' \
                '--output|9|one:table,vertical,json,jsonl,csv,tsv,yaml,markdown,ids|Sets the format of the result.' \
                '--columns|0|some:seq,at,actor,action,target,outcome,source,auth_method,detail,prev_hash,hash|Shows only these columns, in this order.' \
                '--sort|11|one:seq,at,actor,action,target,outcome,source,auth_method,detail,prev_hash,hash|Sorts by this column; a minus before it reverses the order.' \
                '--filter|0|one:seq,at,actor,action,target,outcome,source,auth_method,detail,prev_hash,hash|Shows only records that meet all of these conditions.' \
                '--times|13|one:local,utc,relative|Sets how times are shown to people.' \
                '--token|14|any|Uses this token for this line alone; - asks for it, @FILE reads it.' \
                '--dc|15|live:servers//name,url|Goes to the server of this data centre for this line alone.'
        case 'audit show'
            printf '%s\n' \
                '--seq|1|any|Names the record by its number, as audit list shows it.' \
                '--output|2|one:table,vertical,json,jsonl,csv,tsv,yaml,markdown,ids|Sets the format of the result.' \
                '--columns|0|some:seq,at,actor,action,target,outcome,source,auth_method,detail,prev_hash,hash|Shows only these columns, in this order.' \
                '--sort|4|one:seq,at,actor,action,target,outcome,source,auth_method,detail,prev_hash,hash|Sorts by this column; a minus before it reverses the order.' \
                '--filter|0|one:seq,at,actor,action,target,outcome,source,auth_method,detail,prev_hash,hash|Shows only records that meet all of these conditions.' \
                '--times|6|one:local,utc,relative|Sets how times are shown to people.' \
                '--token|7|any|Uses this token for this line alone; - asks for it, @FILE reads it.' \
                '--dc|8|live:servers//name,url|Goes to the server of this data centre for this line alone.'
        case 'audit head'
            printf '%s\n' \
                '--accept|1|none|Takes the chain as it is now for the right one.' \
                '--output|2|one:table,vertical,json,jsonl,csv,tsv,yaml,markdown,ids|Sets the format of the result.' \
                '--columns|0|some:server_id,seq,hash,at|Shows only these columns, in this order.' \
                '--sort|4|one:server_id,seq,hash,at|Sorts by this column; a minus before it reverses the order.' \
                '--filter|0|one:server_id,seq,hash,at|Shows only records that meet all of these conditions.' \
                '--times|6|one:local,utc,relative|Sets how times are shown to people.' \
                '--token|7|any|Uses this token for this line alone; - asks for it, @FILE reads it.' \
                '--dc|8|live:servers//name,url|Goes to the server of this data centre for this line alone.'
        case 'audit export'
            printf '%s\n' \
                '--output|1|one:jsonl|Sets the format, which is JSON lines.' \
                '--token|2|any|Uses this token for this line alone; - asks for it, @FILE reads it.' \
                '--dc|3|live:servers//name,url|Goes to the server of this data centre for this line alone.'
        case 'audit verify'
            printf '%s\n' \
                '--from|1|file|Verifies an exported file, \'-\' for standard input; no server is asked.' \
                '--key|2|file|Names the file of the public key, which the server keeps as audit.pub.' \
                '--anchor|0|any|Demands the record that audit head showed once.' \
                '--output|4|one:table,vertical,json,jsonl,csv,tsv,yaml,markdown,ids|Sets the format of the result.' \
                '--columns|0|some:state,records,checkpoints,sealed,sealed_at,record,what,server_id,hash,tail|Shows only these columns, in this order.' \
                '--sort|6|one:state,records,checkpoints,sealed,sealed_at,record,what,server_id,hash,tail|Sorts by this column; a minus before it reverses the order.' \
                '--filter|0|one:state,records,checkpoints,sealed,sealed_at,record,what,server_id,hash,tail|Shows only records that meet all of these conditions.' \
                '--times|8|one:local,utc,relative|Sets how times are shown to people.' \
                '--token|9|any|Uses this token for this line alone; - asks for it, @FILE reads it.' \
                '--dc|10|live:servers//name,url|Goes to the server of this data centre for this line alone.'
        case 'audit find'
            printf '%s\n' \
                '--token|1|any|Gives the token; without it, or with \'-\', you are asked, or a line of input is read.' \
                '--output|2|one:table,vertical,json,jsonl,csv,tsv,yaml,markdown,ids|Sets the format of the result.' \
                '--columns|0|some:seq,at,actor,action,target,outcome,source,auth_method,detail,prev_hash,hash|Shows only these columns, in this order.' \
                '--sort|4|one:seq,at,actor,action,target,outcome,source,auth_method,detail,prev_hash,hash|Sorts by this column; a minus before it reverses the order.' \
                '--filter|0|one:seq,at,actor,action,target,outcome,source,auth_method,detail,prev_hash,hash|Shows only records that meet all of these conditions.' \
                '--times|6|one:local,utc,relative|Sets how times are shown to people.' \
                '--dc|7|live:servers//name,url|Goes to the server of this data centre for this line alone.'
        case 'auth set-token'
            printf '%s\n' \
                '--file|1|none|Keeps it in ~/.config/vigo/token, readable by you alone, not in the keyring.' \
                '--output|2|one:table,vertical,json,jsonl,csv,tsv,yaml,markdown,ids|Sets the format of the result.' \
                '--columns|0|some:server,kept,id,user,expiry_date|Shows only these columns, in this order.' \
                '--sort|4|one:server,kept,id,user,expiry_date|Sorts by this column; a minus before it reverses the order.' \
                '--filter|0|one:server,kept,id,user,expiry_date|Shows only records that meet all of these conditions.' \
                '--times|6|one:local,utc,relative|Sets how times are shown to people.' \
                '--token|7|any|Uses this token for this line alone; - asks for it, @FILE reads it.' \
                '--dc|8|live:servers//name,url|Goes to the server of this data centre for this line alone.'
        case 'auth status'
            printf '%s\n' \
                '--output|1|one:table,vertical,json,jsonl,csv,tsv,yaml,markdown,ids|Sets the format of the result.' \
                '--columns|0|some:server,kept,validity,id,name,user,expiry_date,checked|Shows only these columns, in this order.' \
                '--sort|3|one:server,kept,validity,id,name,user,expiry_date,checked|Sorts by this column; a minus before it reverses the order.' \
                '--filter|0|one:server,kept,validity,id,name,user,expiry_date,checked|Shows only records that meet all of these conditions.' \
                '--times|5|one:local,utc,relative|Sets how times are shown to people.' \
                '--token|6|any|Uses this token for this line alone; - asks for it, @FILE reads it.' \
                '--dc|7|live:servers//name,url|Goes to the server of this data centre for this line alone.'
        case 'auth clear'
            printf '%s\n' \
                '--output|1|one:table,vertical,json,jsonl,csv,tsv,yaml,markdown,ids|Sets the format of the result.' \
                '--columns|0|some:server|Shows only these columns, in this order.' \
                '--sort|3|one:server|Sorts by this column; a minus before it reverses the order.' \
                '--filter|0|one:server|Shows only records that meet all of these conditions.' \
                '--times|5|one:local,utc,relative|Sets how times are shown to people.' \
                '--token|6|any|Uses this token for this line alone; - asks for it, @FILE reads it.' \
                '--dc|7|live:servers//name,url|Goes to the server of this data centre for this line alone.'
        case 'auth create-token'
            printf '%s\n' \
                '--name|1|any|Gives the token a descriptive name.' \
                '--expires-in|2|one:10m,1h,24h,7d|Sets after how long it expires, such as 720h; never if not given.' \
                '--user|3|live:managers/{username}/full_name|Names its owner; required on the server\'s own host, for local-admin alone.' \
                '--output|4|one:table,vertical,json,jsonl,csv,tsv,yaml,markdown,ids|Sets the format of the result.' \
                '--columns|0|some:id,name,token|Shows only these columns, in this order.' \
                '--sort|6|one:id,name,token|Sorts by this column; a minus before it reverses the order.' \
                '--filter|0|one:id,name,token|Shows only records that meet all of these conditions.' \
                '--times|8|one:local,utc,relative|Sets how times are shown to people.' \
                '--token|9|any|Uses this token for this line alone; - asks for it, @FILE reads it.' \
                '--dc|10|live:servers//name,url|Goes to the server of this data centre for this line alone.'
        case 'auth list-tokens'
            printf '%s\n' \
                '--output|1|one:table,vertical,json,jsonl,csv,tsv,yaml,markdown,ids|Sets the format of the result.' \
                '--columns|0|some:id,name,prefix,created,expiry_date,owner,state,is_emergency|Shows only these columns, in this order.' \
                '--sort|3|one:id,name,prefix,created,expiry_date,owner,state,is_emergency|Sorts by this column; a minus before it reverses the order.' \
                '--filter|0|one:id,name,prefix,created,expiry_date,owner,state,is_emergency|Shows only records that meet all of these conditions.' \
                '--times|5|one:local,utc,relative|Sets how times are shown to people.' \
                '--token|6|any|Uses this token for this line alone; - asks for it, @FILE reads it.' \
                '--dc|7|live:servers//name,url|Goes to the server of this data centre for this line alone.'
        case 'auth revoke-token'
            printf '%s\n' \
                '--output|1|one:table,vertical,json,jsonl,csv,tsv,yaml,markdown,ids|Sets the format of the result.' \
                '--columns|0|some:id|Shows only these columns, in this order.' \
                '--sort|3|one:id|Sorts by this column; a minus before it reverses the order.' \
                '--filter|0|one:id|Shows only records that meet all of these conditions.' \
                '--times|5|one:local,utc,relative|Sets how times are shown to people.' \
                '--yes|6|none|Goes ahead without asking.' \
                '--dry-run|7|none|Tells what would be sent to the server; changes nothing.' \
                '--token|8|any|Uses this token for this line alone; - asks for it, @FILE reads it.' \
                '--dc|9|live:servers//name,url|Goes to the server of this data centre for this line alone.'
        case 'auth emergency-access'
            printf '%s\n' \
                '--reason|1|any|Says why, in one line; it is kept in the audit trail.' \
                '--grant|2|one:10m,1h,24h,7d|Makes a token for you that ends by itself after this time, 24h at most.' \
                '--output|3|one:table,vertical,json,jsonl,csv,tsv,yaml,markdown,ids|Sets the format of the result.' \
                '--columns|0|some:reason,id,token,expiry_date|Shows only these columns, in this order.' \
                '--sort|5|one:reason,id,token,expiry_date|Sorts by this column; a minus before it reverses the order.' \
                '--filter|0|one:reason,id,token,expiry_date|Shows only records that meet all of these conditions.' \
                '--times|7|one:local,utc,relative|Sets how times are shown to people.' \
                '--token|8|any|Uses this token for this line alone; - asks for it, @FILE reads it.' \
                '--dc|9|live:servers//name,url|Goes to the server of this data centre for this line alone.'
        case 'token:generate'
            printf '%s\n' \
                '--current|1|none|Shows the token of your session instead; it is a secret.' \
                '--name|2|any|Gives the token a name; else it has this terminal\'s.' \
                '--project|3|any|Limits the token to this project.' \
                '--scopes|0|lives:nodes/node:{uuid}:r,node:{uuid}:rw/path|Narrows it to these nodes and what lies below them.' \
                '--output|5|one:table,vertical,json,jsonl,csv,tsv,yaml,markdown,ids|Sets the format of the result.' \
                '--columns|0|some:id,token,approved_by,dc,project|Shows only these columns, in this order.' \
                '--sort|7|one:id,token,approved_by,dc,project|Sorts by this column; a minus before it reverses the order.' \
                '--filter|0|one:id,token,approved_by,dc,project|Shows only records that meet all of these conditions.' \
                '--times|9|one:local,utc,relative|Sets how times are shown to people.' \
                '--token|10|any|Uses this token for this line alone; - asks for it, @FILE reads it.' \
                '--dc|11|live:servers//name,url|Goes to the server of this data centre for this line alone.'
        case 'token:list'
            printf '%s\n' \
                '--output|1|one:table,vertical,json,jsonl,csv,tsv,yaml,markdown,ids|Sets the format of the result.' \
                '--columns|0|some:id,name,host,created,expiry_date,project,owner|Shows only these columns, in this order.' \
                '--sort|3|one:id,name,host,created,expiry_date,project,owner|Sorts by this column; a minus before it reverses the order.' \
                '--filter|0|one:id,name,host,created,expiry_date,project,owner|Shows only records that meet all of these conditions.' \
                '--times|5|one:local,utc,relative|Sets how times are shown to people.' \
                '--token|6|any|Uses this token for this line alone; - asks for it, @FILE reads it.' \
                '--dc|7|live:servers//name,url|Goes to the server of this data centre for this line alone.'
        case 'token:revoke'
            printf '%s\n' \
                '--output|1|one:table,vertical,json,jsonl,csv,tsv,yaml,markdown,ids|Sets the format of the result.' \
                '--columns|0|some:id|Shows only these columns, in this order.' \
                '--sort|3|one:id|Sorts by this column; a minus before it reverses the order.' \
                '--filter|0|one:id|Shows only records that meet all of these conditions.' \
                '--times|5|one:local,utc,relative|Sets how times are shown to people.' \
                '--yes|6|none|Goes ahead without asking.' \
                '--dry-run|7|none|Tells what would be sent to the server; changes nothing.' \
                '--token|8|any|Uses this token for this line alone; - asks for it, @FILE reads it.' \
                '--dc|9|live:servers//name,url|Goes to the server of this data centre for this line alone.'
        case 'manager list'
            printf '%s\n' \
                '--output|1|one:table,vertical,json,jsonl,csv,tsv,yaml,markdown,ids|Sets the format of the result.' \
                '--columns|0|some:id,username,full_name,is_active,is_default,roles,failed_logins,last_login,password_expiration,max_api_tokens,is_temporary_password,password_expiration_disabled,has_password,permissions_list,first_name,last_name,permissions,home_dc|Shows only these columns, in this order.' \
                '--sort|3|one:id,username,full_name,is_active,is_default,roles,failed_logins,last_login,password_expiration,max_api_tokens,is_temporary_password,password_expiration_disabled,has_password,permissions_list,first_name,last_name,permissions,home_dc|Sorts by this column; a minus before it reverses the order.' \
                '--filter|0|one:id,username,full_name,is_active,is_default,roles,failed_logins,last_login,password_expiration,max_api_tokens,is_temporary_password,password_expiration_disabled,has_password,permissions_list,first_name,last_name,permissions,home_dc|Shows only records that meet all of these conditions.' \
                '--times|5|one:local,utc,relative|Sets how times are shown to people.' \
                '--token|6|any|Uses this token for this line alone; - asks for it, @FILE reads it.' \
                '--dc|7|live:servers//name,url|Goes to the server of this data centre for this line alone.'
        case 'manager show'
            printf '%s\n' \
                '--username|-1|live:managers/{username}/full_name|Specifies the manager by user name.' \
                '--id|-1|live:managers/{id}/username|Specifies the manager by id.' \
                '--output|3|one:table,vertical,json,jsonl,csv,tsv,yaml,markdown,ids|Sets the format of the result.' \
                '--columns|0|some:id,username,full_name,is_active,is_default,max_api_tokens,roles,failed_logins,last_login,password_expiration,is_temporary_password,password_expiration_disabled,has_password,permissions_list,first_name,last_name,permissions,home_dc|Shows only these columns, in this order.' \
                '--sort|5|one:id,username,full_name,is_active,is_default,max_api_tokens,roles,failed_logins,last_login,password_expiration,is_temporary_password,password_expiration_disabled,has_password,permissions_list,first_name,last_name,permissions,home_dc|Sorts by this column; a minus before it reverses the order.' \
                '--filter|0|one:id,username,full_name,is_active,is_default,max_api_tokens,roles,failed_logins,last_login,password_expiration,is_temporary_password,password_expiration_disabled,has_password,permissions_list,first_name,last_name,permissions,home_dc|Shows only records that meet all of these conditions.' \
                '--times|7|one:local,utc,relative|Sets how times are shown to people.' \
                '--token|8|any|Uses this token for this line alone; - asks for it, @FILE reads it.' \
                '--dc|9|live:servers//name,url|Goes to the server of this data centre for this line alone.'
        case 'manager create'
            printf '%s\n' \
                '--username|1|any|Names the new manager.' \
                '--password|2|any|Gives the password, \'-\' for a line of standard input.' \
                '--is-temporary-password|3|none|Makes the password one that has to be replaced soon.' \
                '--first-name|4|any|Sets the first name.' \
                '--last-name|5|any|Sets the last name.' \
                '--roles|0|lives:roles/{name}/|Gives these roles, by name or id, and no others.' \
                '--permissions-list|0|lives:permissions/{codename}/name|Gives these permissions beside those of the roles, and no others.' \
                '--max-api-tokens|8|any|Sets how many live API tokens they may have, instead of the number for all.' \
                '--disable-password-expiration|9|none|Says whether the password is spared from expiring.' \
                '--enable-password-expiration|9|none|Says whether the password is spared from expiring.' \
                '--output|10|one:table,vertical,json,jsonl,csv,tsv,yaml,markdown,ids|Sets the format of the result.' \
                '--columns|0|some:id,username,full_name,is_active,is_default,max_api_tokens,roles,failed_logins,last_login,password_expiration,is_temporary_password,password_expiration_disabled,has_password,permissions_list|Shows only these columns, in this order.' \
                '--sort|12|one:id,username,full_name,is_active,is_default,max_api_tokens,roles,failed_logins,last_login,password_expiration,is_temporary_password,password_expiration_disabled,has_password,permissions_list|Sorts by this column; a minus before it reverses the order.' \
                '--filter|0|one:id,username,full_name,is_active,is_default,max_api_tokens,roles,failed_logins,last_login,password_expiration,is_temporary_password,password_expiration_disabled,has_password,permissions_list|Shows only records that meet all of these conditions.' \
                '--times|14|one:local,utc,relative|Sets how times are shown to people.' \
                '--token|15|any|Uses this token for this line alone; - asks for it, @FILE reads it.' \
                '--dc|16|live:servers//name,url|Goes to the server of this data centre for this line alone.'
        case 'manager modify'
            printf '%s\n' \
                '--username|-1|live:managers/{username}/full_name|Specifies the manager by user name.' \
                '--id|-1|live:managers/{id}/username|Specifies the manager by id.' \
                '--new-username|3|any|Changes the user name.' \
                '--first-name|4|any|Sets the first name.' \
                '--last-name|5|any|Sets the last name.' \
                '--roles|0|lives:roles/{name}/|Gives these roles, by name or id, and no others.' \
                '--permissions-list|0|lives:permissions/{codename}/name|Gives these permissions beside those of the roles, and no others.' \
                '--max-api-tokens|8|any|Sets how many live API tokens they may have; \'default\' for the number that holds for all.' \
                '--enable|9|none|Says whether they may act; disabling holds at once, for tokens too.' \
                '--disable|9|none|Says whether they may act; disabling holds at once, for tokens too.' \
                '--disable-password-expiration|10|none|Says whether the password is spared from expiring.' \
                '--enable-password-expiration|10|none|Says whether the password is spared from expiring.' \
                '--home-dc|11|any|Names the data centre that they belong to; \'\' for that of this server.' \
                '--output|12|one:table,vertical,json,jsonl,csv,tsv,yaml,markdown,ids|Sets the format of the result.' \
                '--columns|0|some:id,username,full_name,is_active,is_default,max_api_tokens,roles,failed_logins,last_login,password_expiration,is_temporary_password,password_expiration_disabled,has_password,permissions_list|Shows only these columns, in this order.' \
                '--sort|14|one:id,username,full_name,is_active,is_default,max_api_tokens,roles,failed_logins,last_login,password_expiration,is_temporary_password,password_expiration_disabled,has_password,permissions_list|Sorts by this column; a minus before it reverses the order.' \
                '--filter|0|one:id,username,full_name,is_active,is_default,max_api_tokens,roles,failed_logins,last_login,password_expiration,is_temporary_password,password_expiration_disabled,has_password,permissions_list|Shows only records that meet all of these conditions.' \
                '--times|16|one:local,utc,relative|Sets how times are shown to people.' \
                '--token|17|any|Uses this token for this line alone; - asks for it, @FILE reads it.' \
                '--dc|18|live:servers//name,url|Goes to the server of this data centre for this line alone.'
        case 'manager delete'
            printf '%s\n' \
                '--username|-1|live:managers/{username}/full_name|Specifies the manager by user name.' \
                '--id|-1|live:managers/{id}/username|Specifies the manager by id.' \
                '--output|3|one:table,vertical,json,jsonl,csv,tsv,yaml,markdown,ids|Sets the format of the result.' \
                '--columns|0|some:id,username|Shows only these columns, in this order.' \
                '--sort|5|one:id,username|Sorts by this column; a minus before it reverses the order.' \
                '--filter|0|one:id,username|Shows only records that meet all of these conditions.' \
                '--times|7|one:local,utc,relative|Sets how times are shown to people.' \
                '--yes|8|none|Goes ahead without asking.' \
                '--dry-run|9|none|Tells what would be sent to the server; changes nothing.' \
                '--token|10|any|Uses this token for this line alone; - asks for it, @FILE reads it.' \
                '--dc|11|live:servers//name,url|Goes to the server of this data centre for this line alone.'
        case 'manager unlock'
            printf '%s\n' \
                '--username|-1|live:managers/{username}/full_name|Specifies the manager by user name.' \
                '--id|-1|live:managers/{id}/username|Specifies the manager by id.' \
                '--password|3|any|Gives the password, \'-\' for a line of standard input.' \
                '--is-temporary-password|4|none|Makes the password one that has to be replaced soon.' \
                '--output|5|one:table,vertical,json,jsonl,csv,tsv,yaml,markdown,ids|Sets the format of the result.' \
                '--columns|0|some:id,username|Shows only these columns, in this order.' \
                '--sort|7|one:id,username|Sorts by this column; a minus before it reverses the order.' \
                '--filter|0|one:id,username|Shows only records that meet all of these conditions.' \
                '--times|9|one:local,utc,relative|Sets how times are shown to people.' \
                '--token|10|any|Uses this token for this line alone; - asks for it, @FILE reads it.' \
                '--dc|11|live:servers//name,url|Goes to the server of this data centre for this line alone.'
        case 'manager set_password'
            printf '%s\n' \
                '--username|1|live:managers/{username}/full_name|Specifies the manager by user name; yourself if not given.' \
                '--id|2|live:managers/{id}/username|Specifies the manager by id.' \
                '--password|3|any|Gives the password, \'-\' for a line of standard input.' \
                '--is-temporary-password|4|none|Makes the password one that has to be replaced soon.' \
                '--output|5|one:table,vertical,json,jsonl,csv,tsv,yaml,markdown,ids|Sets the format of the result.' \
                '--columns|0|some:username|Shows only these columns, in this order.' \
                '--sort|7|one:username|Sorts by this column; a minus before it reverses the order.' \
                '--filter|0|one:username|Shows only records that meet all of these conditions.' \
                '--times|9|one:local,utc,relative|Sets how times are shown to people.' \
                '--token|10|any|Uses this token for this line alone; - asks for it, @FILE reads it.' \
                '--dc|11|live:servers//name,url|Goes to the server of this data centre for this line alone.'
        case 'admin user token'
            printf '%s\n' \
                '-u|1|live:managers/{username}/full_name|Names the manager whose token it is (mandatory).' \
                '--user|1|live:managers/{username}/full_name|Names the manager whose token it is (mandatory).' \
                '-e|2|one:10m,1h,24h,7d|Sets a hard limit: the token ends after this time, whatever is done with it.' \
                '--expire|2|one:10m,1h,24h,7d|Sets a hard limit: the token ends after this time, whatever is done with it.' \
                '-a|3|one:10m,1h,24h,7d|Sets a sliding window: each use refreshes the end to this time from then on.' \
                '--auto|3|one:10m,1h,24h,7d|Sets a sliding window: each use refreshes the end to this time from then on.' \
                '-s|0|lives:nodes/node:{uuid}:r,node:{uuid}:rw/path|Restricts the token to a file or folder, to read, to write or both.' \
                '--scope|0|lives:nodes/node:{uuid}:r,node:{uuid}:rw/path|Restricts the token to a file or folder, to read, to write or both.' \
                '-q|5|none|Shows only the token, for scripts.' \
                '--quiet|5|none|Shows only the token, for scripts.' \
                '--output|6|one:table,vertical,json,jsonl,csv,tsv,yaml,markdown,ids|Sets the format of the result.' \
                '--columns|0|some:id,token,user,expires,auto|Shows only these columns, in this order.' \
                '--sort|8|one:id,token,user,expires,auto|Sorts by this column; a minus before it reverses the order.' \
                '--filter|0|one:id,token,user,expires,auto|Shows only records that meet all of these conditions.' \
                '--times|10|one:local,utc,relative|Sets how times are shown to people.' \
                '--token|11|any|Uses this token for this line alone; - asks for it, @FILE reads it.' \
                '--dc|12|live:servers//name,url|Goes to the server of this data centre for this line alone.'
        case 'vault auth'
            printf '%s\n' \
                '--output|1|one:table,vertical,json,jsonl,csv,tsv,yaml,markdown,ids|Sets the format of the result.' \
                '--columns|0|some:user,accessor,policies|Shows only these columns, in this order.' \
                '--sort|3|one:user,accessor,policies|Sorts by this column; a minus before it reverses the order.' \
                '--filter|0|one:user,accessor,policies|Shows only records that meet all of these conditions.' \
                '--times|5|one:local,utc,relative|Sets how times are shown to people.' \
                '--token|6|any|Uses this token for this line alone; - asks for it, @FILE reads it.' \
                '--dc|7|live:servers//name,url|Goes to the server of this data centre for this line alone.'
        case 'token create'
            printf '%s\n' \
                '-ttl|1|one:10m,1h,24h,7d|Sets how long the token lives (once called lease).' \
                '-lease|1|one:10m,1h,24h,7d|Sets how long the token lives (once called lease).' \
                '-policy|0|live:roles/{name}/|Gives it only this policy.' \
                '-metadata|0|any|Adds a note to its records.' \
                '-orphan|4|none|Makes it the child of no token.' \
                '-use-limit|5|any|Sets how often it can be used; 0 is any number.' \
                '-display-name|6|any|Names the token.' \
                '-id|7|any|Says what the token is to be; takes every right.' \
                '-explicit-max-ttl|8|one:10m,1h,24h,7d|Sets the time after which nothing keeps it alive.' \
                '-period|9|one:10m,1h,24h,7d|Sets what every renewal gives, without end.' \
                '-renewable|10|one:true,false|Says whether it can be renewed.' \
                '-no-default-policy|11|none|Leaves the policy \'default\' out, as is always done.' \
                '--output|12|one:table,vertical,json,jsonl,csv,tsv,yaml,markdown,ids|Sets the format of the result.' \
                '--columns|0|some:token,token_accessor,token_duration,token_renewable,token_policies,token_meta|Shows only these columns, in this order.' \
                '--sort|14|one:token,token_accessor,token_duration,token_renewable,token_policies,token_meta|Sorts by this column; a minus before it reverses the order.' \
                '--filter|0|one:token,token_accessor,token_duration,token_renewable,token_policies,token_meta|Shows only records that meet all of these conditions.' \
                '--times|16|one:local,utc,relative|Sets how times are shown to people.' \
                '--token|17|any|Uses this token for this line alone; - asks for it, @FILE reads it.' \
                '--dc|18|live:servers//name,url|Goes to the server of this data centre for this line alone.'
        case 'token lookup'
            printf '%s\n' \
                '-accessor|1|live:apitokens/{id}/name,owner|Names the token by its id instead.' \
                '--output|2|one:table,vertical,json,jsonl,csv,tsv,yaml,markdown,ids|Sets the format of the result.' \
                '--columns|0|some:accessor,creation_time,display_name,expire_time,meta,num_uses,orphan,path,policies,ttl|Shows only these columns, in this order.' \
                '--sort|4|one:accessor,creation_time,display_name,expire_time,meta,num_uses,orphan,path,policies,ttl|Sorts by this column; a minus before it reverses the order.' \
                '--filter|0|one:accessor,creation_time,display_name,expire_time,meta,num_uses,orphan,path,policies,ttl|Shows only records that meet all of these conditions.' \
                '--times|6|one:local,utc,relative|Sets how times are shown to people.' \
                '--token|7|any|Uses this token for this line alone; - asks for it, @FILE reads it.' \
                '--dc|8|live:servers//name,url|Goes to the server of this data centre for this line alone.'
        case 'token renew'
            printf '%s\n' \
                '-increment|1|one:10m,1h,24h,7d|Sets how long it lives from now.' \
                '-accessor|2|live:apitokens/{id}/name,owner|Names the token by its id instead.' \
                '--output|3|one:table,vertical,json,jsonl,csv,tsv,yaml,markdown,ids|Sets the format of the result.' \
                '--columns|0|some:token,token_accessor,token_duration,token_renewable,token_policies,token_meta|Shows only these columns, in this order.' \
                '--sort|5|one:token,token_accessor,token_duration,token_renewable,token_policies,token_meta|Sorts by this column; a minus before it reverses the order.' \
                '--filter|0|one:token,token_accessor,token_duration,token_renewable,token_policies,token_meta|Shows only records that meet all of these conditions.' \
                '--times|7|one:local,utc,relative|Sets how times are shown to people.' \
                '--token|8|any|Uses this token for this line alone; - asks for it, @FILE reads it.' \
                '--dc|9|live:servers//name,url|Goes to the server of this data centre for this line alone.'
        case 'token revoke'
            printf '%s\n' \
                '-mode|1|one:orphan,path|Frees its children (orphan), or revokes what was made at a path.' \
                '-self|2|none|Revokes the token by which you are here.' \
                '-accessor|3|live:apitokens/{id}/name,owner|Names the token by its id instead.' \
                '--output|4|one:table,vertical,json,jsonl,csv,tsv,yaml,markdown,ids|Sets the format of the result.' \
                '--columns|0|some:id|Shows only these columns, in this order.' \
                '--sort|6|one:id|Sorts by this column; a minus before it reverses the order.' \
                '--filter|0|one:id|Shows only records that meet all of these conditions.' \
                '--times|8|one:local,utc,relative|Sets how times are shown to people.' \
                '--yes|9|none|Goes ahead without asking.' \
                '--dry-run|10|none|Tells what would be sent to the server; changes nothing.' \
                '--token|11|any|Uses this token for this line alone; - asks for it, @FILE reads it.' \
                '--dc|12|live:servers//name,url|Goes to the server of this data centre for this line alone.'
        case 'token capabilities'
            printf '%s\n' \
                '--token|1|any|Uses this token for this line alone; - asks for it, @FILE reads it.' \
                '--dc|2|live:servers//name,url|Goes to the server of this data centre for this line alone.'
        case 'doctor'
            printf '%s\n' \
                '--output|1|one:table,vertical,json,jsonl,csv,tsv,yaml,markdown,ids|Sets the format of the result.' \
                '--columns|0|some:check,state,finding,next_step|Shows only these columns, in this order.' \
                '--sort|3|one:check,state,finding,next_step|Sorts by this column; a minus before it reverses the order.' \
                '--filter|0|one:check,state,finding,next_step|Shows only records that meet all of these conditions.' \
                '--times|5|one:local,utc,relative|Sets how times are shown to people.' \
                '--token|6|any|Uses this token for this line alone; - asks for it, @FILE reads it.' \
                '--dc|7|live:servers//name,url|Goes to the server of this data centre for this line alone.'
        case 'help'
            printf '%s\n' \
                '--search|1|any|Lists the commands and topics that have this word.' \
                '--token|2|any|Uses this token for this line alone; - asks for it, @FILE reads it.' \
                '--dc|3|live:servers//name,url|Goes to the server of this data centre for this line alone.'
        case 'node create'
            printf '%s\n' \
                '--path|1|live:nodes/{path}/|Names the path, as clients of the file service write it.' \
                '--uuid|2|live:nodes/{uuid}/path|Gives it this UUID; one is made up if not given.' \
                '--output|3|one:table,vertical,json,jsonl,csv,tsv,yaml,markdown,ids|Sets the format of the result.' \
                '--columns|0|some:uuid,path|Shows only these columns, in this order.' \
                '--sort|5|one:uuid,path|Sorts by this column; a minus before it reverses the order.' \
                '--filter|0|one:uuid,path|Shows only records that meet all of these conditions.' \
                '--times|7|one:local,utc,relative|Sets how times are shown to people.' \
                '--token|8|any|Uses this token for this line alone; - asks for it, @FILE reads it.' \
                '--dc|9|live:servers//name,url|Goes to the server of this data centre for this line alone.'
        case 'node list'
            printf '%s\n' \
                '--output|1|one:table,vertical,json,jsonl,csv,tsv,yaml,markdown,ids|Sets the format of the result.' \
                '--columns|0|some:uuid,path,created|Shows only these columns, in this order.' \
                '--sort|3|one:uuid,path,created|Sorts by this column; a minus before it reverses the order.' \
                '--filter|0|one:uuid,path,created|Shows only records that meet all of these conditions.' \
                '--times|5|one:local,utc,relative|Sets how times are shown to people.' \
                '--token|6|any|Uses this token for this line alone; - asks for it, @FILE reads it.' \
                '--dc|7|live:servers//name,url|Goes to the server of this data centre for this line alone.'
        case 'node show'
            printf '%s\n' \
                '--uuid|-1|live:nodes/{uuid}/path|Specifies the node by its UUID.' \
                '--path|-1|live:nodes/{path}/|Specifies the node by its path.' \
                '--output|3|one:table,vertical,json,jsonl,csv,tsv,yaml,markdown,ids|Sets the format of the result.' \
                '--columns|0|some:uuid,path,created|Shows only these columns, in this order.' \
                '--sort|5|one:uuid,path,created|Sorts by this column; a minus before it reverses the order.' \
                '--filter|0|one:uuid,path,created|Shows only records that meet all of these conditions.' \
                '--times|7|one:local,utc,relative|Sets how times are shown to people.' \
                '--token|8|any|Uses this token for this line alone; - asks for it, @FILE reads it.' \
                '--dc|9|live:servers//name,url|Goes to the server of this data centre for this line alone.'
        case 'node delete'
            printf '%s\n' \
                '--uuid|-1|live:nodes/{uuid}/path|Specifies the node by its UUID.' \
                '--path|-1|live:nodes/{path}/|Specifies the node by its path.' \
                '--output|3|one:table,vertical,json,jsonl,csv,tsv,yaml,markdown,ids|Sets the format of the result.' \
                '--columns|0|some:uuid,path|Shows only these columns, in this order.' \
                '--sort|5|one:uuid,path|Sorts by this column; a minus before it reverses the order.' \
                '--filter|0|one:uuid,path|Shows only records that meet all of these conditions.' \
                '--times|7|one:local,utc,relative|Sets how times are shown to people.' \
                '--yes|8|none|Goes ahead without asking.' \
                '--dry-run|9|none|Tells what would be sent to the server; changes nothing.' \
                '--token|10|any|Uses this token for this line alone; - asks for it, @FILE reads it.' \
                '--dc|11|live:servers//name,url|Goes to the server of this data centre for this line alone.'
        case 'permission list'
            printf '%s\n' \
                '--realm|1|live:realms/{name}/|Lists only the permissions in this realm.' \
                '--output|2|one:table,vertical,json,jsonl,csv,tsv,yaml,markdown,ids|Sets the format of the result.' \
                '--columns|0|some:id,codename,permission_type,realm,resources,name|Shows only these columns, in this order.' \
                '--sort|4|one:id,codename,permission_type,realm,resources,name|Sorts by this column; a minus before it reverses the order.' \
                '--filter|0|one:id,codename,permission_type,realm,resources,name|Shows only records that meet all of these conditions.' \
                '--times|6|one:local,utc,relative|Sets how times are shown to people.' \
                '--token|7|any|Uses this token for this line alone; - asks for it, @FILE reads it.' \
                '--dc|8|live:servers//name,url|Goes to the server of this data centre for this line alone.'
        case 'project use'
            printf '%s\n' \
                '--output|1|one:table,vertical,json,jsonl,csv,tsv,yaml,markdown,ids|Sets the format of the result.' \
                '--columns|0|some:project,file|Shows only these columns, in this order.' \
                '--sort|3|one:project,file|Sorts by this column; a minus before it reverses the order.' \
                '--filter|0|one:project,file|Shows only records that meet all of these conditions.' \
                '--times|5|one:local,utc,relative|Sets how times are shown to people.' \
                '--token|6|any|Uses this token for this line alone; - asks for it, @FILE reads it.' \
                '--dc|7|live:servers//name,url|Goes to the server of this data centre for this line alone.'
        case 'project show'
            printf '%s\n' \
                '--output|1|one:table,vertical,json,jsonl,csv,tsv,yaml,markdown,ids|Sets the format of the result.' \
                '--columns|0|some:project,file|Shows only these columns, in this order.' \
                '--sort|3|one:project,file|Sorts by this column; a minus before it reverses the order.' \
                '--filter|0|one:project,file|Shows only records that meet all of these conditions.' \
                '--times|5|one:local,utc,relative|Sets how times are shown to people.' \
                '--token|6|any|Uses this token for this line alone; - asks for it, @FILE reads it.' \
                '--dc|7|live:servers//name,url|Goes to the server of this data centre for this line alone.'
        case 'project clear'
            printf '%s\n' \
                '--output|1|one:table,vertical,json,jsonl,csv,tsv,yaml,markdown,ids|Sets the format of the result.' \
                '--columns|0|some:project,file|Shows only these columns, in this order.' \
                '--sort|3|one:project,file|Sorts by this column; a minus before it reverses the order.' \
                '--filter|0|one:project,file|Shows only records that meet all of these conditions.' \
                '--times|5|one:local,utc,relative|Sets how times are shown to people.' \
                '--token|6|any|Uses this token for this line alone; - asks for it, @FILE reads it.' \
                '--dc|7|live:servers//name,url|Goes to the server of this data centre for this line alone.'
        case 'realm list'
            printf '%s\n' \
                '--output|1|one:table,vertical,json,jsonl,csv,tsv,yaml,markdown,ids|Sets the format of the result.' \
                '--columns|0|some:id,name,object_types,is_default|Shows only these columns, in this order.' \
                '--sort|3|one:id,name,object_types,is_default|Sorts by this column; a minus before it reverses the order.' \
                '--filter|0|one:id,name,object_types,is_default|Shows only records that meet all of these conditions.' \
                '--times|5|one:local,utc,relative|Sets how times are shown to people.' \
                '--token|6|any|Uses this token for this line alone; - asks for it, @FILE reads it.' \
                '--dc|7|live:servers//name,url|Goes to the server of this data centre for this line alone.'
        case 'realm show'
            printf '%s\n' \
                '--name|-1|live:realms/{name}/|Specifies the realm by its name.' \
                '--id|-1|live:realms/{id}/name|Specifies the realm by its id.' \
                '--output|3|one:table,vertical,json,jsonl,csv,tsv,yaml,markdown,ids|Sets the format of the result.' \
                '--columns|0|some:id,name,object_types,is_default|Shows only these columns, in this order.' \
                '--sort|5|one:id,name,object_types,is_default|Sorts by this column; a minus before it reverses the order.' \
                '--filter|0|one:id,name,object_types,is_default|Shows only records that meet all of these conditions.' \
                '--times|7|one:local,utc,relative|Sets how times are shown to people.' \
                '--token|8|any|Uses this token for this line alone; - asks for it, @FILE reads it.' \
                '--dc|9|live:servers//name,url|Goes to the server of this data centre for this line alone.'
        case 'realm create'
            printf '%s\n' \
                '--name|1|any|Names the new realm.' \
                '--object-types|0|any|Gives it these object types.' \
                '--output|3|one:table,vertical,json,jsonl,csv,tsv,yaml,markdown,ids|Sets the format of the result.' \
                '--columns|0|some:id,name,object_types,is_default|Shows only these columns, in this order.' \
                '--sort|5|one:id,name,object_types,is_default|Sorts by this column; a minus before it reverses the order.' \
                '--filter|0|one:id,name,object_types,is_default|Shows only records that meet all of these conditions.' \
                '--times|7|one:local,utc,relative|Sets how times are shown to people.' \
                '--token|8|any|Uses this token for this line alone; - asks for it, @FILE reads it.' \
                '--dc|9|live:servers//name,url|Goes to the server of this data centre for this line alone.'
        case 'realm modify'
            printf '%s\n' \
                '--name|-1|live:realms/{name}/|Specifies the realm by its name.' \
                '--id|-1|live:realms/{id}/name|Specifies the realm by its id.' \
                '--new-name|3|any|Changes the name, while nobody has a permission in the realm.' \
                '--object-types|0|any|Gives it these object types and no others; \'\' takes all away.' \
                '--output|5|one:table,vertical,json,jsonl,csv,tsv,yaml,markdown,ids|Sets the format of the result.' \
                '--columns|0|some:id,name,object_types,is_default|Shows only these columns, in this order.' \
                '--sort|7|one:id,name,object_types,is_default|Sorts by this column; a minus before it reverses the order.' \
                '--filter|0|one:id,name,object_types,is_default|Shows only records that meet all of these conditions.' \
                '--times|9|one:local,utc,relative|Sets how times are shown to people.' \
                '--token|10|any|Uses this token for this line alone; - asks for it, @FILE reads it.' \
                '--dc|11|live:servers//name,url|Goes to the server of this data centre for this line alone.'
        case 'realm assign'
            printf '%s\n' \
                '--name|-1|live:realms/{name}/|Specifies the realm by its name.' \
                '--id|-1|live:realms/{id}/name|Specifies the realm by its id.' \
                '--object-types|0|any|Names the object types to add.' \
                '--output|4|one:table,vertical,json,jsonl,csv,tsv,yaml,markdown,ids|Sets the format of the result.' \
                '--columns|0|some:id,name,object_types,is_default|Shows only these columns, in this order.' \
                '--sort|6|one:id,name,object_types,is_default|Sorts by this column; a minus before it reverses the order.' \
                '--filter|0|one:id,name,object_types,is_default|Shows only records that meet all of these conditions.' \
                '--times|8|one:local,utc,relative|Sets how times are shown to people.' \
                '--token|9|any|Uses this token for this line alone; - asks for it, @FILE reads it.' \
                '--dc|10|live:servers//name,url|Goes to the server of this data centre for this line alone.'
        case 'realm unassign'
            printf '%s\n' \
                '--name|-1|live:realms/{name}/|Specifies the realm by its name.' \
                '--id|-1|live:realms/{id}/name|Specifies the realm by its id.' \
                '--object-types|0|any|Names the object types to take away.' \
                '--output|4|one:table,vertical,json,jsonl,csv,tsv,yaml,markdown,ids|Sets the format of the result.' \
                '--columns|0|some:id,name,object_types,is_default|Shows only these columns, in this order.' \
                '--sort|6|one:id,name,object_types,is_default|Sorts by this column; a minus before it reverses the order.' \
                '--filter|0|one:id,name,object_types,is_default|Shows only records that meet all of these conditions.' \
                '--times|8|one:local,utc,relative|Sets how times are shown to people.' \
                '--token|9|any|Uses this token for this line alone; - asks for it, @FILE reads it.' \
                '--dc|10|live:servers//name,url|Goes to the server of this data centre for this line alone.'
        case 'realm delete'
            printf '%s\n' \
                '--name|-1|live:realms/{name}/|Specifies the realm by its name.' \
                '--id|-1|live:realms/{id}/name|Specifies the realm by its id.' \
                '--output|3|one:table,vertical,json,jsonl,csv,tsv,yaml,markdown,ids|Sets the format of the result.' \
                '--columns|0|some:id,name|Shows only these columns, in this order.' \
                '--sort|5|one:id,name|Sorts by this column; a minus before it reverses the order.' \
                '--filter|0|one:id,name|Shows only records that meet all of these conditions.' \
                '--times|7|one:local,utc,relative|Sets how times are shown to people.' \
                '--yes|8|none|Goes ahead without asking.' \
                '--dry-run|9|none|Tells what would be sent to the server; changes nothing.' \
                '--token|10|any|Uses this token for this line alone; - asks for it, @FILE reads it.' \
                '--dc|11|live:servers//name,url|Goes to the server of this data centre for this line alone.'
        case 'role list'
            printf '%s\n' \
                '--output|1|one:table,vertical,json,jsonl,csv,tsv,yaml,markdown,ids|Sets the format of the result.' \
                '--columns|0|some:id,name,managers,ldap_groups,tenants,is_default,is_admin,tenant_id,tenant_name,permissions|Shows only these columns, in this order.' \
                '--sort|3|one:id,name,managers,ldap_groups,tenants,is_default,is_admin,tenant_id,tenant_name,permissions|Sorts by this column; a minus before it reverses the order.' \
                '--filter|0|one:id,name,managers,ldap_groups,tenants,is_default,is_admin,tenant_id,tenant_name,permissions|Shows only records that meet all of these conditions.' \
                '--times|5|one:local,utc,relative|Sets how times are shown to people.' \
                '--token|6|any|Uses this token for this line alone; - asks for it, @FILE reads it.' \
                '--dc|7|live:servers//name,url|Goes to the server of this data centre for this line alone.'
        case 'role show'
            printf '%s\n' \
                '--name|-1|live:roles/{name}/|Specifies the role by its name.' \
                '--id|-1|live:roles/{id}/name|Specifies the role by its id.' \
                '--output|3|one:table,vertical,json,jsonl,csv,tsv,yaml,markdown,ids|Sets the format of the result.' \
                '--columns|0|some:id,name,managers,ldap_groups,tenants,is_default,is_admin,tenant_id,tenant_name,permissions|Shows only these columns, in this order.' \
                '--sort|5|one:id,name,managers,ldap_groups,tenants,is_default,is_admin,tenant_id,tenant_name,permissions|Sorts by this column; a minus before it reverses the order.' \
                '--filter|0|one:id,name,managers,ldap_groups,tenants,is_default,is_admin,tenant_id,tenant_name,permissions|Shows only records that meet all of these conditions.' \
                '--times|7|one:local,utc,relative|Sets how times are shown to people.' \
                '--token|8|any|Uses this token for this line alone; - asks for it, @FILE reads it.' \
                '--dc|9|live:servers//name,url|Goes to the server of this data centre for this line alone.'
        case 'role create'
            printf '%s\n' \
                '--name|1|any|Names the new role.' \
                '--permissions-list|0|lives:permissions/{codename}/name|Gives it these permissions; then realm and type are passed over.' \
                '--realm|3|live:realms/{name}/|Gives it the permissions in this realm.' \
                '--permissions|0|some:create,view,edit,delete|Names the type of permission, or several with commas; all four if not given.' \
                '--output|5|one:table,vertical,json,jsonl,csv,tsv,yaml,markdown,ids|Sets the format of the result.' \
                '--columns|0|some:id,name,managers,ldap_groups,tenants,is_default,is_admin,tenant_id,tenant_name,permissions|Shows only these columns, in this order.' \
                '--sort|7|one:id,name,managers,ldap_groups,tenants,is_default,is_admin,tenant_id,tenant_name,permissions|Sorts by this column; a minus before it reverses the order.' \
                '--filter|0|one:id,name,managers,ldap_groups,tenants,is_default,is_admin,tenant_id,tenant_name,permissions|Shows only records that meet all of these conditions.' \
                '--times|9|one:local,utc,relative|Sets how times are shown to people.' \
                '--token|10|any|Uses this token for this line alone; - asks for it, @FILE reads it.' \
                '--dc|11|live:servers//name,url|Goes to the server of this data centre for this line alone.'
        case 'role modify'
            printf '%s\n' \
                '--name|-1|live:roles/{name}/|Specifies the role by its name.' \
                '--id|-1|live:roles/{id}/name|Specifies the role by its id.' \
                '--new-name|3|any|Changes the name of the role.' \
                '--permissions-list|0|lives:permissions/{codename}/name|Gives it these permissions and no others; \'\' takes all away.' \
                '--output|5|one:table,vertical,json,jsonl,csv,tsv,yaml,markdown,ids|Sets the format of the result.' \
                '--columns|0|some:id,name,managers,ldap_groups,tenants,is_default,is_admin,tenant_id,tenant_name,permissions|Shows only these columns, in this order.' \
                '--sort|7|one:id,name,managers,ldap_groups,tenants,is_default,is_admin,tenant_id,tenant_name,permissions|Sorts by this column; a minus before it reverses the order.' \
                '--filter|0|one:id,name,managers,ldap_groups,tenants,is_default,is_admin,tenant_id,tenant_name,permissions|Shows only records that meet all of these conditions.' \
                '--times|9|one:local,utc,relative|Sets how times are shown to people.' \
                '--token|10|any|Uses this token for this line alone; - asks for it, @FILE reads it.' \
                '--dc|11|live:servers//name,url|Goes to the server of this data centre for this line alone.'
        case 'role assign'
            printf '%s\n' \
                '--name|-1|live:roles/{name}/|Specifies the role by its name.' \
                '--id|-1|live:roles/{id}/name|Specifies the role by its id.' \
                '--realm|3|live:realms/{name}/|Names the realm of the permissions.' \
                '--permissions|0|some:create,view,edit,delete|Names the type of permission, or several with commas; all four if not given.' \
                '--output|5|one:table,vertical,json,jsonl,csv,tsv,yaml,markdown,ids|Sets the format of the result.' \
                '--columns|0|some:id,name,managers,ldap_groups,tenants,is_default,is_admin,tenant_id,tenant_name,permissions|Shows only these columns, in this order.' \
                '--sort|7|one:id,name,managers,ldap_groups,tenants,is_default,is_admin,tenant_id,tenant_name,permissions|Sorts by this column; a minus before it reverses the order.' \
                '--filter|0|one:id,name,managers,ldap_groups,tenants,is_default,is_admin,tenant_id,tenant_name,permissions|Shows only records that meet all of these conditions.' \
                '--times|9|one:local,utc,relative|Sets how times are shown to people.' \
                '--token|10|any|Uses this token for this line alone; - asks for it, @FILE reads it.' \
                '--dc|11|live:servers//name,url|Goes to the server of this data centre for this line alone.'
        case 'role unassign'
            printf '%s\n' \
                '--name|-1|live:roles/{name}/|Specifies the role by its name.' \
                '--id|-1|live:roles/{id}/name|Specifies the role by its id.' \
                '--realm|3|live:realms/{name}/|Names the realm of the permissions.' \
                '--permissions|0|some:create,view,edit,delete|Names the type of permission, or several with commas; all four if not given.' \
                '--output|5|one:table,vertical,json,jsonl,csv,tsv,yaml,markdown,ids|Sets the format of the result.' \
                '--columns|0|some:id,name,managers,ldap_groups,tenants,is_default,is_admin,tenant_id,tenant_name,permissions|Shows only these columns, in this order.' \
                '--sort|7|one:id,name,managers,ldap_groups,tenants,is_default,is_admin,tenant_id,tenant_name,permissions|Sorts by this column; a minus before it reverses the order.' \
                '--filter|0|one:id,name,managers,ldap_groups,tenants,is_default,is_admin,tenant_id,tenant_name,permissions|Shows only records that meet all of these conditions.' \
                '--times|9|one:local,utc,relative|Sets how times are shown to people.' \
                '--token|10|any|Uses this token for this line alone; - asks for it, @FILE reads it.' \
                '--dc|11|live:servers//name,url|Goes to the server of this data centre for this line alone.'
        case 'role delete'
            printf '%s\n' \
                '--name|-1|live:roles/{name}/|Specifies the role by its name.' \
                '--id|-1|live:roles/{id}/name|Specifies the role by its id.' \
                '--output|3|one:table,vertical,json,jsonl,csv,tsv,yaml,markdown,ids|Sets the format of the result.' \
                '--columns|0|some:id,name|Shows only these columns, in this order.' \
                '--sort|5|one:id,name|Sorts by this column; a minus before it reverses the order.' \
                '--filter|0|one:id,name|Shows only records that meet all of these conditions.' \
                '--times|7|one:local,utc,relative|Sets how times are shown to people.' \
                '--yes|8|none|Goes ahead without asking.' \
                '--dry-run|9|none|Tells what would be sent to the server; changes nothing.' \
                '--token|10|any|Uses this token for this line alone; - asks for it, @FILE reads it.' \
                '--dc|11|live:servers//name,url|Goes to the server of this data centre for this line alone.'
        case 'server add'
            printf '%s\n' \
                '--username|1|any|Names the manager you are there, for the list.' \
                '--ca-file|2|file|Names the file of the certificate to check it against.' \
                '--fingerprint|3|any|Gives the SHA-256 fingerprint of its own, self-signed certificate.' \
                '--output|4|one:table,vertical,json,jsonl,csv,tsv,yaml,markdown,ids|Sets the format of the result.' \
                '--columns|0|some:name,url|Shows only these columns, in this order.' \
                '--sort|6|one:name,url|Sorts by this column; a minus before it reverses the order.' \
                '--filter|0|one:name,url|Shows only records that meet all of these conditions.' \
                '--times|8|one:local,utc,relative|Sets how times are shown to people.' \
                '--token|9|any|Uses this token for this line alone; - asks for it, @FILE reads it.' \
                '--dc|10|live:servers//name,url|Goes to the server of this data centre for this line alone.'
        case 'server list'
            printf '%s\n' \
                '--output|1|one:table,vertical,json,jsonl,csv,tsv,yaml,markdown,ids|Sets the format of the result.' \
                '--columns|0|some:name,url,dc,username,current,ca_file,fingerprint|Shows only these columns, in this order.' \
                '--sort|3|one:name,url,dc,username,current,ca_file,fingerprint|Sorts by this column; a minus before it reverses the order.' \
                '--filter|0|one:name,url,dc,username,current,ca_file,fingerprint|Shows only records that meet all of these conditions.' \
                '--times|5|one:local,utc,relative|Sets how times are shown to people.' \
                '--token|6|any|Uses this token for this line alone; - asks for it, @FILE reads it.' \
                '--dc|7|live:servers//name,url|Goes to the server of this data centre for this line alone.'
        case 'server use'
            printf '%s\n' \
                '--output|1|one:table,vertical,json,jsonl,csv,tsv,yaml,markdown,ids|Sets the format of the result.' \
                '--columns|0|some:name,url|Shows only these columns, in this order.' \
                '--sort|3|one:name,url|Sorts by this column; a minus before it reverses the order.' \
                '--filter|0|one:name,url|Shows only records that meet all of these conditions.' \
                '--times|5|one:local,utc,relative|Sets how times are shown to people.' \
                '--token|6|any|Uses this token for this line alone; - asks for it, @FILE reads it.' \
                '--dc|7|live:servers//name,url|Goes to the server of this data centre for this line alone.'
        case 'server remove'
            printf '%s\n' \
                '--output|1|one:table,vertical,json,jsonl,csv,tsv,yaml,markdown,ids|Sets the format of the result.' \
                '--columns|0|some:name|Shows only these columns, in this order.' \
                '--sort|3|one:name|Sorts by this column; a minus before it reverses the order.' \
                '--filter|0|one:name|Shows only records that meet all of these conditions.' \
                '--times|5|one:local,utc,relative|Sets how times are shown to people.' \
                '--token|6|any|Uses this token for this line alone; - asks for it, @FILE reads it.' \
                '--dc|7|live:servers//name,url|Goes to the server of this data centre for this line alone.'
        case 'set'
            printf '%s\n' \
                '--save|1|none|Keeps it for later shells too.' \
                '--output|2|one:table,vertical,json,jsonl,csv,tsv,yaml,markdown,ids|Sets the format of the result.' \
                '--columns|0|some:setting,value,explanation|Shows only these columns, in this order.' \
                '--sort|4|one:setting,value,explanation|Sorts by this column; a minus before it reverses the order.' \
                '--filter|0|one:setting,value,explanation|Shows only records that meet all of these conditions.' \
                '--times|6|one:local,utc,relative|Sets how times are shown to people.' \
                '--token|7|any|Uses this token for this line alone; - asks for it, @FILE reads it.' \
                '--dc|8|live:servers//name,url|Goes to the server of this data centre for this line alone.'
        case 'show settings'
            printf '%s\n' \
                '--output|1|one:table,vertical,json,jsonl,csv,tsv,yaml,markdown,ids|Sets the format of the result.' \
                '--columns|0|some:setting,value,explanation|Shows only these columns, in this order.' \
                '--sort|3|one:setting,value,explanation|Sorts by this column; a minus before it reverses the order.' \
                '--filter|0|one:setting,value,explanation|Shows only records that meet all of these conditions.' \
                '--times|5|one:local,utc,relative|Sets how times are shown to people.' \
                '--token|6|any|Uses this token for this line alone; - asks for it, @FILE reads it.' \
                '--dc|7|live:servers//name,url|Goes to the server of this data centre for this line alone.'
        case 'source'
            printf '%s\n' \
                '--keep-going|1|none|Goes on after a line that fails.' \
                '--dry-run|2|none|Asks the server what the lines would do; changes nothing.' \
                '--jobs|3|any|Runs up to N lines at a time, those that use no variables.' \
                '--report|4|file|Names a file for what became of each line, as JSON.' \
                '--token|5|any|Uses this token for this line alone; - asks for it, @FILE reads it.' \
                '--dc|6|live:servers//name,url|Goes to the server of this data centre for this line alone.'
        case 'history'
            printf '%s\n' \
                '--token|1|any|Uses this token for this line alone; - asks for it, @FILE reads it.' \
                '--dc|2|live:servers//name,url|Goes to the server of this data centre for this line alone.'
        case 'clear'
            printf '%s\n' \
                '--token|1|any|Uses this token for this line alone; - asks for it, @FILE reads it.' \
                '--dc|2|live:servers//name,url|Goes to the server of this data centre for this line alone.'
        case 'exit'
            printf '%s\n' \
                '--token|1|any|Uses this token for this line alone; - asks for it, @FILE reads it.' \
                '--dc|2|live:servers//name,url|Goes to the server of this data centre for this line alone.'
        case 'login'
            printf '%s\n' \
                '--username|1|live:managers/{username}/full_name|Names the manager to sign in as; without it you are asked.' \
                '--store|2|one:keyring,file,none|Says where to keep the session; the keyring if not given.' \
                '--output|3|one:table,vertical,json,jsonl,csv,tsv,yaml,markdown,ids|Sets the format of the result.' \
                '--columns|0|some:username,server,kept|Shows only these columns, in this order.' \
                '--sort|5|one:username,server,kept|Sorts by this column; a minus before it reverses the order.' \
                '--filter|0|one:username,server,kept|Shows only records that meet all of these conditions.' \
                '--times|7|one:local,utc,relative|Sets how times are shown to people.' \
                '--token|8|any|Uses this token for this line alone; - asks for it, @FILE reads it.' \
                '--dc|9|live:servers//name,url|Goes to the server of this data centre for this line alone.'
        case 'logout'
            printf '%s\n' \
                '--output|1|one:table,vertical,json,jsonl,csv,tsv,yaml,markdown,ids|Sets the format of the result.' \
                '--columns|0|some:username,server|Shows only these columns, in this order.' \
                '--sort|3|one:username,server|Sorts by this column; a minus before it reverses the order.' \
                '--filter|0|one:username,server|Shows only records that meet all of these conditions.' \
                '--times|5|one:local,utc,relative|Sets how times are shown to people.' \
                '--token|6|any|Uses this token for this line alone; - asks for it, @FILE reads it.' \
                '--dc|7|live:servers//name,url|Goes to the server of this data centre for this line alone.'
        case 'whoami'
            printf '%s\n' \
                '--output|1|one:table,vertical,json,jsonl,csv,tsv,yaml,markdown,ids|Sets the format of the result.' \
                '--columns|0|some:username,id,server,source|Shows only these columns, in this order.' \
                '--sort|3|one:username,id,server,source|Sorts by this column; a minus before it reverses the order.' \
                '--filter|0|one:username,id,server,source|Shows only records that meet all of these conditions.' \
                '--times|5|one:local,utc,relative|Sets how times are shown to people.' \
                '--token|6|any|Uses this token for this line alone; - asks for it, @FILE reads it.' \
                '--dc|7|live:servers//name,url|Goes to the server of this data centre for this line alone.'
        case 'tutorial'
            printf '%s\n' \
                '--token|1|any|Uses this token for this line alone; - asks for it, @FILE reads it.' \
                '--dc|2|live:servers//name,url|Goes to the server of this data centre for this line alone.'
        case 'undo'
            printf '%s\n' \
                '--output|1|one:table,vertical,json,jsonl,csv,tsv,yaml,markdown,ids|Sets the format of the result.' \
                '--columns|0|some:undone,restored|Shows only these columns, in this order.' \
                '--sort|3|one:undone,restored|Sorts by this column; a minus before it reverses the order.' \
                '--filter|0|one:undone,restored|Shows only records that meet all of these conditions.' \
                '--times|5|one:local,utc,relative|Sets how times are shown to people.' \
                '--token|6|any|Uses this token for this line alone; - asks for it, @FILE reads it.' \
                '--dc|7|live:servers//name,url|Goes to the server of this data centre for this line alone.'
        case 'vms list'
            printf '%s\n' \
                '--output|1|one:table,vertical,json,jsonl,csv,tsv,yaml,markdown,ids|Sets the format of the result.' \
                '--columns|0|some:id,name,max_api_tokens_per_user,login_banner,access_token_lifetime,refresh_token_lifetime,default_lease_ttl,max_lease_ttl,device_flow|Shows only these columns, in this order.' \
                '--sort|3|one:id,name,max_api_tokens_per_user,login_banner,access_token_lifetime,refresh_token_lifetime,default_lease_ttl,max_lease_ttl,device_flow|Sorts by this column; a minus before it reverses the order.' \
                '--filter|0|one:id,name,max_api_tokens_per_user,login_banner,access_token_lifetime,refresh_token_lifetime,default_lease_ttl,max_lease_ttl,device_flow|Shows only records that meet all of these conditions.' \
                '--times|5|one:local,utc,relative|Sets how times are shown to people.' \
                '--token|6|any|Uses this token for this line alone; - asks for it, @FILE reads it.' \
                '--dc|7|live:servers//name,url|Goes to the server of this data centre for this line alone.'
        case 'vms show'
            printf '%s\n' \
                '--id|1|any|Specifies the VMS; there is one, 1.' \
                '--output|2|one:table,vertical,json,jsonl,csv,tsv,yaml,markdown,ids|Sets the format of the result.' \
                '--columns|0|some:id,name,max_api_tokens_per_user,login_banner,access_token_lifetime,refresh_token_lifetime,default_lease_ttl,max_lease_ttl,device_flow|Shows only these columns, in this order.' \
                '--sort|4|one:id,name,max_api_tokens_per_user,login_banner,access_token_lifetime,refresh_token_lifetime,default_lease_ttl,max_lease_ttl,device_flow|Sorts by this column; a minus before it reverses the order.' \
                '--filter|0|one:id,name,max_api_tokens_per_user,login_banner,access_token_lifetime,refresh_token_lifetime,default_lease_ttl,max_lease_ttl,device_flow|Shows only records that meet all of these conditions.' \
                '--times|6|one:local,utc,relative|Sets how times are shown to people.' \
                '--token|7|any|Uses this token for this line alone; - asks for it, @FILE reads it.' \
                '--dc|8|live:servers//name,url|Goes to the server of this data centre for this line alone.'
        case 'vms modify'
            printf '%s\n' \
                '--id|1|any|Specifies the VMS; there is one, 1.' \
                '--login-banner|2|any|Sets one line that is shown at sign-in; \'\' removes it.' \
                '--access-token-lifetime|3|any|Sets how long a sign-in lasts before it is renewed by itself.' \
                '--refresh-token-lifetime|4|any|Sets how long a sign-in can be renewed; longer than the one above.' \
                '--default-lease-ttl|5|one:10m,1h,24h,7d|Sets how long a token made by Vault\'s clients lasts when they ask for nothing.' \
                '--max-lease-ttl|6|one:10m,1h,24h,7d|Sets the longest life that Vault\'s clients are given, root tokens aside.' \
                '--device-flow|7|one:all,create_security,off|Sets who may approve terminals on the page /device: all, who has create_security, or nobody (off).' \
                '--output|8|one:table,vertical,json,jsonl,csv,tsv,yaml,markdown,ids|Sets the format of the result.' \
                '--columns|0|some:id,name,max_api_tokens_per_user,login_banner,access_token_lifetime,refresh_token_lifetime|Shows only these columns, in this order.' \
                '--sort|10|one:id,name,max_api_tokens_per_user,login_banner,access_token_lifetime,refresh_token_lifetime|Sorts by this column; a minus before it reverses the order.' \
                '--filter|0|one:id,name,max_api_tokens_per_user,login_banner,access_token_lifetime,refresh_token_lifetime|Shows only records that meet all of these conditions.' \
                '--times|12|one:local,utc,relative|Sets how times are shown to people.' \
                '--token|13|any|Uses this token for this line alone; - asks for it, @FILE reads it.' \
                '--dc|14|live:servers//name,url|Goes to the server of this data centre for this line alone.'
        case 'vms set_max_api_tokens_per_user'
            printf '%s\n' \
                '--max-api-tokens-per-user|1|any|Sets how many live API tokens a manager may have.' \
                '--id|2|any|Specifies the VMS; there is one, 1.' \
                '--output|3|one:table,vertical,json,jsonl,csv,tsv,yaml,markdown,ids|Sets the format of the result.' \
                '--columns|0|some:id,name,max_api_tokens_per_user,login_banner,access_token_lifetime,refresh_token_lifetime|Shows only these columns, in this order.' \
                '--sort|5|one:id,name,max_api_tokens_per_user,login_banner,access_token_lifetime,refresh_token_lifetime|Sorts by this column; a minus before it reverses the order.' \
                '--filter|0|one:id,name,max_api_tokens_per_user,login_banner,access_token_lifetime,refresh_token_lifetime|Shows only records that meet all of these conditions.' \
                '--times|7|one:local,utc,relative|Sets how times are shown to people.' \
                '--token|8|any|Uses this token for this line alone; - asks for it, @FILE reads it.' \
                '--dc|9|live:servers//name,url|Goes to the server of this data centre for this line alone.'
        case 'vms get_pwd_settings'
            printf '%s\n' \
                '--id|1|any|Specifies the VMS; there is one, 1.' \
                '--output|2|one:table,vertical,json,jsonl,csv,tsv,yaml,markdown,ids|Sets the format of the result.' \
                '--columns|0|some:min_pwd_length,pwd_requires_uppercase,pwd_requires_lowercase,pwd_requires_numeric,pwd_requires_special_chars,pwd_change_timeout,pwd_change_timeout_enabled,pwd_expiration_timeout,pwd_expiration_timeout_enabled,tmp_pwd_expiration_timeout,max_failed_login_attempts,max_failed_login_attempts_enabled,pwd_history_no_reuse_count,pwd_history_no_reuse_count_enabled|Shows only these columns, in this order.' \
                '--sort|4|one:min_pwd_length,pwd_requires_uppercase,pwd_requires_lowercase,pwd_requires_numeric,pwd_requires_special_chars,pwd_change_timeout,pwd_change_timeout_enabled,pwd_expiration_timeout,pwd_expiration_timeout_enabled,tmp_pwd_expiration_timeout,max_failed_login_attempts,max_failed_login_attempts_enabled,pwd_history_no_reuse_count,pwd_history_no_reuse_count_enabled|Sorts by this column; a minus before it reverses the order.' \
                '--filter|0|one:min_pwd_length,pwd_requires_uppercase,pwd_requires_lowercase,pwd_requires_numeric,pwd_requires_special_chars,pwd_change_timeout,pwd_change_timeout_enabled,pwd_expiration_timeout,pwd_expiration_timeout_enabled,tmp_pwd_expiration_timeout,max_failed_login_attempts,max_failed_login_attempts_enabled,pwd_history_no_reuse_count,pwd_history_no_reuse_count_enabled|Shows only records that meet all of these conditions.' \
                '--times|6|one:local,utc,relative|Sets how times are shown to people.' \
                '--token|7|any|Uses this token for this line alone; - asks for it, @FILE reads it.' \
                '--dc|8|live:servers//name,url|Goes to the server of this data centre for this line alone.'
        case 'vms modify_pwd_settings'
            printf '%s\n' \
                '--id|1|any|Specifies the VMS; there is one, 1.' \
                '--min-pwd-length|2|any|Sets the fewest characters a password may have.' \
                '--enable-pwd-uppercase-validation|3|none|Says whether a password needs an upper-case letter.' \
                '--disable-pwd-uppercase-validation|3|none|Says whether a password needs an upper-case letter.' \
                '--enable-pwd-lowercase-validation|4|none|Says whether a password needs a lower-case letter.' \
                '--disable-pwd-lowercase-validation|4|none|Says whether a password needs a lower-case letter.' \
                '--enable-pwd-numeric-validation|5|none|Says whether a password needs a digit.' \
                '--disable-pwd-numeric-validation|5|none|Says whether a password needs a digit.' \
                '--enable-pwd-special-chars-validation|6|none|Says whether a password needs a special character.' \
                '--disable-pwd-special-chars-validation|6|none|Says whether a password needs a special character.' \
                '--pwd-change-timeout|7|one:1D,7D,30D,180D,1Y|Sets how long one waits before changing one\'s password again.' \
                '--pwd-expiration-timeout|8|one:1D,7D,30D,180D,1Y|Sets how long a password lasts, and at most an API token.' \
                '--tmp-pwd-expiration-timeout|9|one:1D,7D,30D,180D,1Y|Sets how soon a temporary password has to be replaced.' \
                '--max-failed-login-attempts|10|any|Sets after how many wrong passwords the wait becomes long.' \
                '--pwd-history-no-reuse-count|11|any|Sets how many old passwords are not used again.' \
                '--enable-pwd-change-timeout|12|none|Says whether one waits before changing one\'s password again.' \
                '--disable-pwd-change-timeout|12|none|Says whether one waits before changing one\'s password again.' \
                '--enable-pwd-expiration-timeout|13|none|Says whether passwords expire.' \
                '--disable-pwd-expiration-timeout|13|none|Says whether passwords expire.' \
                '--enable-max-failed-login-attempts|14|none|Says whether the wait after wrong passwords becomes long.' \
                '--disable-max-failed-login-attempts|14|none|Says whether the wait after wrong passwords becomes long.' \
                '--enable-pwd-history-no-reuse-count|15|none|Says whether old passwords are remembered.' \
                '--disable-pwd-history-no-reuse-count|15|none|Says whether old passwords are remembered.' \
                '--output|16|one:table,vertical,json,jsonl,csv,tsv,yaml,markdown,ids|Sets the format of the result.' \
                '--columns|0|some:min_pwd_length,pwd_requires_uppercase,pwd_requires_lowercase,pwd_requires_numeric,pwd_requires_special_chars,pwd_change_timeout,pwd_change_timeout_enabled,pwd_expiration_timeout,pwd_expiration_timeout_enabled,tmp_pwd_expiration_timeout,max_failed_login_attempts,max_failed_login_attempts_enabled,pwd_history_no_reuse_count,pwd_history_no_reuse_count_enabled|Shows only these columns, in this order.' \
                '--sort|18|one:min_pwd_length,pwd_requires_uppercase,pwd_requires_lowercase,pwd_requires_numeric,pwd_requires_special_chars,pwd_change_timeout,pwd_change_timeout_enabled,pwd_expiration_timeout,pwd_expiration_timeout_enabled,tmp_pwd_expiration_timeout,max_failed_login_attempts,max_failed_login_attempts_enabled,pwd_history_no_reuse_count,pwd_history_no_reuse_count_enabled|Sorts by this column; a minus before it reverses the order.' \
                '--filter|0|one:min_pwd_length,pwd_requires_uppercase,pwd_requires_lowercase,pwd_requires_numeric,pwd_requires_special_chars,pwd_change_timeout,pwd_change_timeout_enabled,pwd_expiration_timeout,pwd_expiration_timeout_enabled,tmp_pwd_expiration_timeout,max_failed_login_attempts,max_failed_login_attempts_enabled,pwd_history_no_reuse_count,pwd_history_no_reuse_count_enabled|Shows only records that meet all of these conditions.' \
                '--times|20|one:local,utc,relative|Sets how times are shown to people.' \
                '--token|21|any|Uses this token for this line alone; - asks for it, @FILE reads it.' \
                '--dc|22|live:servers//name,url|Goes to the server of this data centre for this line alone.'
        case 'watch'
            printf '%s\n' \
                '--count|1|any|Says how often to run; until Ctrl-C if not given.'
        case 'watch INTERVAL'
            printf '%s\n' \
                '--count|1|any|Says how often to run; until Ctrl-C if not given.'
    end
end

function __vshell_positionals
    switch $argv[1]
        case 'alias add'
            printf '%s\n' \
                'any' \
                'any'
        case 'alias remove'
            printf '%s\n' \
                'any'
        case 'api'
            printf '%s\n' \
                'one:GET,POST,PUT,PATCH,DELETE' \
                'any' \
                'any'
        case 'apitoken scan'
            printf '%s\n' \
                'file...'
        case 'auth set-token'
            printf '%s\n' \
                'any'
        case 'auth revoke-token'
            printf '%s\n' \
                'live:apitokens/{id}/name,owner'
        case 'token:revoke'
            printf '%s\n' \
                'live:apitokens/{id}/name,owner'
        case 'vault auth'
            printf '%s\n' \
                'any'
        case 'token lookup'
            printf '%s\n' \
                'any'
        case 'token renew'
            printf '%s\n' \
                'any' \
                'one:10m,1h,24h,7d'
        case 'token revoke'
            printf '%s\n' \
                'any'
        case 'token capabilities'
            printf '%s\n' \
                'any...'
        case 'help'
            printf '%s\n' \
                'one:admin,alias,api,apitoken,audit,auth,clear,doctor,exit,help,history,login,logout,manager,node,permission,project,quit,realm,role,server,set,show,source,token,token-create,token-lookup,token-renew,token-revoke,token:generate,token:list,token:revoke,tutorial,undo,user,vault,vms,whoami,audit_trail,batch,ci,credentials,design,durations,exit_codes,gateway,language,output,projects,scripts,security,servers...'
        case 'project use'
            printf '%s\n' \
                'any'
        case 'server add'
            printf '%s\n' \
                'any' \
                'any'
        case 'server use'
            printf '%s\n' \
                'live:servers/{name}/url'
        case 'server remove'
            printf '%s\n' \
                'live:servers/{name}/url'
        case 'set'
            printf '%s\n' \
                'one:output,color,editing,timeout_seconds,times,pager,title,transient_prompt' \
                'any'
        case 'source'
            printf '%s\n' \
                'file'
        case 'history'
            printf '%s\n' \
                'any'
        case 'tutorial'
            printf '%s\n' \
                'one:skip,leave'
        case 'watch'
            printf '%s\n' \
                'one:2s,5s,30s,1m'
    end
end

# Print the one of the records behind the word that begins with it, or that it is the only beginning of.
function __vshell_find
    set -l word (string escape --style=regex -- $argv[1])
    set -l found (string match -r -- "^$word\|.*" $argv[2..])
    test (count $found) -gt 0; or set found (string match -r -- "^$word.*" $argv[2..])
    test (count $found) -eq 1; and printf '%s\n' $found
end

# Print the values of the sort $argv[1] for what is typed of it; $argv[2] stands before them in the word.
function __vshell_values --no-scope-shadowing
    set -l sort $argv[1]
    set -l before $argv[2]
    set -l typed $argv[3]
    set -l taken
    if string match -qr '^(some|lives):' -- $sort; and string match -q '*,*' -- $typed
        set -l head (string replace -r '[^,]*$' '' -- $typed)
        set taken (string split , -- $head)
        set before $before$head
        set typed (string replace -r '^.*,' '' -- $typed)
    end
    set -l offers
    set -l given (string replace -r '^[a-z]+:' '' -- $sort)
    switch $sort
        case file
            set offers (__fish_complete_path $typed)
        case 'one:*' 'some:*'
            set offers (string split , -- $given)
        case 'live:*' 'lives:*'
            set offers (command $program --complete $given "$typed" $context 2>/dev/null)
    end
    for offer in $offers
        contains -- (string split -m 1 \t -- $offer)[1] $taken; or printf '%s\n' $before$offer
    end
end

# Print those of the records, which are options, that are still allowed.
function __vshell_offer_options --no-scope-shadowing
    for record in $records
        set -l part (string split -m 3 '|' -- $record)
        if test $part[2] = 0; or not contains -- $part[2] $used
            printf '%s\t%s\n' $part[1] $part[4]
        end
    end
end

# Tell whether a line begins at the node, so that an alias may stand there.
function __vshell_begins
    test "$argv[1]" = ''; or test "$argv[1]" = 'watch INTERVAL'
end

# Print the user's aliases that begin with the word, each with its meaning behind a tab. Without any in the
# settings file nothing is started.
function __vshell_aliases --no-scope-shadowing
    set -l config $XDG_CONFIG_HOME
    test -n "$config"; or set config $HOME/.config
    if test -f $config/vshell/settings.toml
        string match -q '*alias*' <$config/vshell/settings.toml; or return
    else if test (uname) = Linux
        return
    end
    command $program --complete 'aliases/{name}/line' "$argv[1]" 2>/dev/null
end

function __vshell_complete
    set -l tokens (commandline -opc)
    set -l word (commandline -ct)
    set -l program (string replace -r '^~' $HOME -- $tokens[1])
    set -l node ''
    set -l flags 1
    set -l wanted
    set -l name
    set -l count 1
    set -l used
    set -l context
    set -l records
    set -l index 2
    set -l expanded 0
    while test $index -le (count $tokens)
        set -l token $tokens[$index]
        set index (math $index + 1)
        if test -n "$wanted"
            contains -- $name --server --data --owner; and set -a context $name $token
            set wanted
        else if test $flags = 1; and test "$token" = --
            set flags 0
        else if string match -q -- '-?*' $token
            test $flags = 1; and set records (__vshell_flags); or set records (__vshell_options "$node")
            set -l value (string split -m 1 = -- $token)
            set -l part (string split -m 3 '|' -- (__vshell_find $value[1] $records))
            test (count $part) -eq 4; or continue
            set name $part[1]
            set -a used $part[2]
            test $name = --local; and set -a context --local ''
            if test $part[3] != none; and test (count $value) -eq 1
                set wanted $part[3]
            else if contains -- $name --server --data --owner
                set -a context $name $value[2]
            end
        else
            set flags 0
            set records (__vshell_words "$node")
            if test (count $records) -eq 0
                set count (math $count + 1)
                test "$node" = watch; and set node 'watch INTERVAL'; and set count 1
                continue
            end
            set -l found (__vshell_find $token $records)
            if test -z "$found"
                test $expanded = 0; and __vshell_begins "$node"; or return
                set -l meaning
                for own in (__vshell_aliases $token)
                    set -l part (string split -m 1 \t -- $own)
                    test "$part[1]" = "$token"; and set meaning (string replace -ra '["\'\\\\]' '' -- $part[2])
                end
                test -n "$meaning"; or return
                set expanded 1
                set tokens $tokens[1..(math $index - 2)] (string split -n ' ' -- $meaning) $tokens[$index..]
                set index (math $index - 1)
                continue
            end
            set node (string split -m 2 '|' -- $found)[2]
        end
    end
    if test -n "$wanted"
        __vshell_values $wanted '' "$word"
        return
    end
    test $flags = 1; and set records (__vshell_flags); or set records (__vshell_options "$node")
    if string match -qr '^-.*=' -- $word
        set -l value (string split -m 1 = -- $word)
        set -l part (string split -m 3 '|' -- (__vshell_find $value[1] $records))
        test (count $part) -eq 4; and __vshell_values $part[3] $value[1]= "$value[2]"
        return
    else if string match -q -- '-*' $word
        __vshell_offer_options
        return
    end
    set -l words (__vshell_words "$node")
    if test (count $words) -gt 0
        for record in $words
            set -l part (string split -m 2 '|' -- $record)
            printf '%s\t%s\n' $part[1] $part[3]
        end
        __vshell_begins "$node"; and __vshell_aliases "$word"
        return
    end
    set -l sorts (__vshell_positionals "$node")
    if test $count -gt (count $sorts); and string match -q '*...' -- $sorts[-1]
        set count (count $sorts)
    end
    set -l offers
    if test $count -le (count $sorts)
        set offers (__vshell_values (string replace -r '\.\.\.$' '' -- $sorts[$count]) '' "$word")
    end
    if test (count $offers) -gt 0
        printf '%s\n' $offers
    else if test -z "$word"
        __vshell_offer_options
    end
end

complete -c vshell -f -k -a '(__vshell_complete)'
