# vshell's completion for bash, written by 'python -m vshell.export': do not edit.

_vshell_flags() {
    RECORDS=('--local|1|none' '--data|2|file' '--server|3|live:servers/{name}/url' '--dc|4|live:servers//name,url' '--token|5|any' '-u|6|live:managers/{username}/full_name' '--user|6|live:managers/{username}/full_name' '-p|7|any' '--password|7|any' '-c|0|any' '-f|9|file' '--file|9|file' '--keep-going|10|none' '--dry-run|11|none' '--jobs|12|any' '--report|13|file' '--output|14|one:table,vertical,json,jsonl,csv,tsv,yaml,markdown,ids' '--yes|15|none' '--version|16|none' '-h|17|none' '--help|17|none')
}

_vshell_words() {
    case $1 in
    '') RECORDS=('admin|admin' 'alias|alias' 'api|api' 'apitoken|apitoken' 'audit|audit' 'auth|auth' 'clear|clear' 'doctor|doctor' 'exit|exit' 'help|help' 'history|history' 'login|login' 'logout|logout' 'manager|manager' 'node|node' 'permission|permission' 'project|project' 'quit|exit' 'realm|realm' 'role|role' 'server|server' 'set|set' 'show|show' 'source|source' 'token|token' 'token-create|token create' 'token-lookup|token lookup' 'token-renew|token renew' 'token-revoke|token revoke' 'token:generate|token:generate' 'token:list|token:list' 'token:revoke|token:revoke' 'tutorial|tutorial' 'undo|undo' 'user|manager' 'vault|vault' 'vms|vms' 'watch|watch' 'whoami|whoami') ;;
    'admin') RECORDS=('user|admin user') ;;
    'admin user') RECORDS=('token|admin user token') ;;
    'alias') RECORDS=('add|alias add' 'list|alias list' 'remove|alias remove') ;;
    'apitoken') RECORDS=('create|apitoken create' 'list|apitoken list' 'modify|apitoken modify' 'renew|apitoken renew' 'revoke|apitoken revoke' 'rotate|apitoken rotate' 'scan|apitoken scan' 'show|apitoken show' 'tree|apitoken tree' 'verify|apitoken verify') ;;
    'audit') RECORDS=('export|audit export' 'find|audit find' 'head|audit head' 'list|audit list' 'show|audit show' 'verify|audit verify') ;;
    'auth') RECORDS=('clear|auth clear' 'create-token|auth create-token' 'emergency-access|auth emergency-access' 'list-tokens|auth list-tokens' 'revoke-token|auth revoke-token' 'set-token|auth set-token' 'status|auth status') ;;
    'manager') RECORDS=('create|manager create' 'delete|manager delete' 'list|manager list' 'modify|manager modify' 'set_password|manager set_password' 'show|manager show' 'token|admin user token' 'unlock|manager unlock') ;;
    'node') RECORDS=('create|node create' 'delete|node delete' 'list|node list' 'show|node show') ;;
    'permission') RECORDS=('list|permission list') ;;
    'project') RECORDS=('clear|project clear' 'show|project show' 'use|project use') ;;
    'realm') RECORDS=('assign|realm assign' 'create|realm create' 'delete|realm delete' 'list|realm list' 'modify|realm modify' 'show|realm show' 'unassign|realm unassign') ;;
    'role') RECORDS=('assign|role assign' 'create|role create' 'delete|role delete' 'list|role list' 'modify|role modify' 'show|role show' 'unassign|role unassign') ;;
    'server') RECORDS=('add|server add' 'list|server list' 'remove|server remove' 'use|server use') ;;
    'show') RECORDS=('settings|show settings') ;;
    'token') RECORDS=('capabilities|token capabilities' 'create|token create' 'generate|token:generate' 'list|token:list' 'lookup|token lookup' 'renew|token renew' 'revoke|token revoke') ;;
    'vault') RECORDS=('auth|vault auth' 'login|vault auth' 'token|vault token' 'token-create|token create' 'token-lookup|token lookup' 'token-renew|token renew' 'token-revoke|token revoke') ;;
    'vault token') RECORDS=('capabilities|token capabilities' 'create|token create' 'lookup|token lookup' 'renew|token renew' 'revoke|token revoke') ;;
    'vms') RECORDS=('get_pwd_settings|vms get_pwd_settings' 'list|vms list' 'modify|vms modify' 'modify_pwd_settings|vms modify_pwd_settings' 'set_max_api_tokens_per_user|vms set_max_api_tokens_per_user' 'show|vms show' 'show_pwd_settings|vms get_pwd_settings') ;;
    'watch INTERVAL') RECORDS=('admin|admin' 'alias|alias' 'api|api' 'apitoken|apitoken' 'audit|audit' 'auth|auth' 'clear|clear' 'doctor|doctor' 'exit|exit' 'help|help' 'history|history' 'login|login' 'logout|logout' 'manager|manager' 'node|node' 'permission|permission' 'project|project' 'quit|exit' 'realm|realm' 'role|role' 'server|server' 'set|set' 'show|show' 'source|source' 'token|token' 'token-create|token create' 'token-lookup|token lookup' 'token-renew|token renew' 'token-revoke|token revoke' 'token:generate|token:generate' 'token:list|token:list' 'token:revoke|token:revoke' 'tutorial|tutorial' 'undo|undo' 'user|manager' 'vault|vault' 'vms|vms' 'whoami|whoami') ;;
    *) RECORDS=() ;;
    esac
}

_vshell_options() {
    case $1 in
    'alias add') RECORDS=('--output|1|one:table,vertical,json,jsonl,csv,tsv,yaml,markdown,ids' '--columns|0|some:alias,line' '--sort|3|one:alias,line' '--filter|0|one:alias,line' '--times|5|one:local,utc,relative' '--token|6|any' '--dc|7|live:servers//name,url') ;;
    'alias list') RECORDS=('--output|1|one:table,vertical,json,jsonl,csv,tsv,yaml,markdown,ids' '--columns|0|some:alias,line' '--sort|3|one:alias,line' '--filter|0|one:alias,line' '--times|5|one:local,utc,relative' '--token|6|any' '--dc|7|live:servers//name,url') ;;
    'alias remove') RECORDS=('--output|1|one:table,vertical,json,jsonl,csv,tsv,yaml,markdown,ids' '--columns|0|some:alias' '--sort|3|one:alias' '--filter|0|one:alias' '--times|5|one:local,utc,relative' '--token|6|any' '--dc|7|live:servers//name,url') ;;
    'api') RECORDS=('--output|1|one:table,vertical,json,jsonl,csv,tsv,yaml,markdown,ids' '--columns|0|any' '--sort|3|any' '--filter|0|any' '--times|5|one:local,utc,relative' '--token|6|any' '--dc|7|live:servers//name,url') ;;
    'apitoken create') RECORDS=('--name|1|any' '--expiry-date|2|one:1D,7D,30D,180D,1Y' '--owner|3|live:managers/{username}/full_name' '--auto|4|one:1D,7D,30D,180D,1Y' '--hard-end|5|one:1D,7D,30D,180D,1Y' '--scopes|0|lives:nodes/node:{uuid}:r,node:{uuid}:rw/path' '--policies|0|lives:roles/{name}/' '--num-uses|8|any' '--meta|0|any' '--orphan|10|none' '--parent|11|live:apitokens/{id}/name,owner' '--project|12|any' '--output|13|one:table,vertical,json,jsonl,csv,tsv,yaml,markdown,ids' '--columns|0|some:id,token' '--sort|15|one:id,token' '--filter|0|one:id,token' '--times|17|one:local,utc,relative' '--token|18|any' '--dc|19|live:servers//name,url') ;;
    'apitoken list') RECORDS=('--archived|1|none' '--owner|2|live:managers/{username}/full_name' '--name|3|live:apitokens/{name}/id,owner' '--expiring-in|4|one:1D,7D,30D,180D,1Y' '--unused-for|5|one:1D,7D,30D,180D,1Y' '--parent|6|live:apitokens/{id}/name,owner' '--policy|7|live:roles/{name}/' '--project|8|any' '--output|9|one:table,vertical,json,jsonl,csv,tsv,yaml,markdown,ids' '--columns|0|some:id,name,owner,expiry_date,last_used,revoked,revocation_time,created,state,kind,parent_id,max_expires_at,sliding_window,uses_left,renewable,policies,scopes,meta,path,project,terminal' '--sort|11|one:id,name,owner,expiry_date,last_used,revoked,revocation_time,created,state,kind,parent_id,max_expires_at,sliding_window,uses_left,renewable,policies,scopes,meta,path,project,terminal' '--filter|0|one:id,name,owner,expiry_date,last_used,revoked,revocation_time,created,state,kind,parent_id,max_expires_at,sliding_window,uses_left,renewable,policies,scopes,meta,path,project,terminal' '--times|13|one:local,utc,relative' '--token|14|any' '--dc|15|live:servers//name,url') ;;
    'apitoken show') RECORDS=('--id|1|live:apitokens/{id}/name,owner' '--output|2|one:table,vertical,json,jsonl,csv,tsv,yaml,markdown,ids' '--columns|0|some:id,name,owner,expiry_date,last_used,revoked,revocation_time,created,state,kind,parent_id,max_expires_at,sliding_window,uses_left,renewable,policies,scopes,meta,path,project,terminal' '--sort|4|one:id,name,owner,expiry_date,last_used,revoked,revocation_time,created,state,kind,parent_id,max_expires_at,sliding_window,uses_left,renewable,policies,scopes,meta,path,project,terminal' '--filter|0|one:id,name,owner,expiry_date,last_used,revoked,revocation_time,created,state,kind,parent_id,max_expires_at,sliding_window,uses_left,renewable,policies,scopes,meta,path,project,terminal' '--times|6|one:local,utc,relative' '--token|7|any' '--dc|8|live:servers//name,url') ;;
    'apitoken modify') RECORDS=('--id|1|live:apitokens/{id}/name,owner' '--name|2|any' '--expiry-date|3|one:1D,7D,30D,180D,1Y' '--output|4|one:table,vertical,json,jsonl,csv,tsv,yaml,markdown,ids' '--columns|0|some:id' '--sort|6|one:id' '--filter|0|one:id' '--times|8|one:local,utc,relative' '--token|9|any' '--dc|10|live:servers//name,url') ;;
    'apitoken revoke') RECORDS=('--id|-1|live:apitokens/{id}/name,owner' '--prefix|-1|any' '--orphan-children|3|none' '--output|4|one:table,vertical,json,jsonl,csv,tsv,yaml,markdown,ids' '--columns|0|some:id' '--sort|6|one:id' '--filter|0|one:id' '--times|8|one:local,utc,relative' '--yes|9|none' '--dry-run|10|none' '--token|11|any' '--dc|12|live:servers//name,url') ;;
    'apitoken renew') RECORDS=('--id|1|live:apitokens/{id}/name,owner' '--increment|2|one:1D,7D,30D,180D,1Y' '--output|3|one:table,vertical,json,jsonl,csv,tsv,yaml,markdown,ids' '--columns|0|some:id,name,owner,expiry_date,created,state,kind,parent_id,max_expires_at,sliding_window,uses_left,renewable,policies,scopes,meta,path,project,terminal' '--sort|5|one:id,name,owner,expiry_date,created,state,kind,parent_id,max_expires_at,sliding_window,uses_left,renewable,policies,scopes,meta,path,project,terminal' '--filter|0|one:id,name,owner,expiry_date,created,state,kind,parent_id,max_expires_at,sliding_window,uses_left,renewable,policies,scopes,meta,path,project,terminal' '--times|7|one:local,utc,relative' '--token|8|any' '--dc|9|live:servers//name,url') ;;
    'apitoken rotate') RECORDS=('--id|1|live:apitokens/{id}/name,owner' '--grace|2|one:1D,7D,30D,180D,1Y' '--output|3|one:table,vertical,json,jsonl,csv,tsv,yaml,markdown,ids' '--columns|0|some:id,token' '--sort|5|one:id,token' '--filter|0|one:id,token' '--times|7|one:local,utc,relative' '--yes|8|none' '--dry-run|9|none' '--token|10|any' '--dc|11|live:servers//name,url') ;;
    'apitoken tree') RECORDS=('--id|1|live:apitokens/{id}/name,owner' '--output|2|one:table,vertical,json,jsonl,csv,tsv,yaml,markdown,ids' '--columns|0|some:id,name,owner,expiry_date,created,state,kind,parent_id,max_expires_at,sliding_window,uses_left,renewable,policies,scopes,meta,path,project,terminal' '--sort|4|one:id,name,owner,expiry_date,created,state,kind,parent_id,max_expires_at,sliding_window,uses_left,renewable,policies,scopes,meta,path,project,terminal' '--filter|0|one:id,name,owner,expiry_date,created,state,kind,parent_id,max_expires_at,sliding_window,uses_left,renewable,policies,scopes,meta,path,project,terminal' '--times|6|one:local,utc,relative' '--token|7|any' '--dc|8|live:servers//name,url') ;;
    'apitoken verify') RECORDS=('--output|1|one:table,vertical,json,jsonl,csv,tsv,yaml,markdown,ids' '--columns|0|some:user,id,name,kind,expiry_date,uses_left,policies,scopes,permissions,owner,created,state,kind,parent_id,max_expires_at,sliding_window,uses_left,renewable,policies,scopes,meta,path,project,terminal' '--sort|3|one:user,id,name,kind,expiry_date,uses_left,policies,scopes,permissions,owner,created,state,kind,parent_id,max_expires_at,sliding_window,uses_left,renewable,policies,scopes,meta,path,project,terminal' '--filter|0|one:user,id,name,kind,expiry_date,uses_left,policies,scopes,permissions,owner,created,state,kind,parent_id,max_expires_at,sliding_window,uses_left,renewable,policies,scopes,meta,path,project,terminal' '--times|5|one:local,utc,relative' '--token|6|any' '--dc|7|live:servers//name,url') ;;
    'apitoken scan') RECORDS=('--revoke|1|none' '--output|2|one:table,vertical,json,jsonl,csv,tsv,yaml,markdown,ids' '--columns|0|some:where,id,live,owner,name,expiry_date,revoked' '--sort|4|one:where,id,live,owner,name,expiry_date,revoked' '--filter|0|one:where,id,live,owner,name,expiry_date,revoked' '--times|6|one:local,utc,relative' '--token|7|any' '--dc|8|live:servers//name,url') ;;
    'audit list') RECORDS=('--actor|1|live:managers/{username}/full_name' '--action|2|live:actions/{name}/' '--target|3|any' '--outcome|4|one:done,refused' '--since|5|any' '--until|6|any' '--from|7|any' '--limit|8|any' '--output|9|one:table,vertical,json,jsonl,csv,tsv,yaml,markdown,ids' '--columns|0|some:seq,at,actor,action,target,outcome,source,auth_method,detail,prev_hash,hash' '--sort|11|one:seq,at,actor,action,target,outcome,source,auth_method,detail,prev_hash,hash' '--filter|0|one:seq,at,actor,action,target,outcome,source,auth_method,detail,prev_hash,hash' '--times|13|one:local,utc,relative' '--token|14|any' '--dc|15|live:servers//name,url') ;;
    'audit show') RECORDS=('--seq|1|any' '--output|2|one:table,vertical,json,jsonl,csv,tsv,yaml,markdown,ids' '--columns|0|some:seq,at,actor,action,target,outcome,source,auth_method,detail,prev_hash,hash' '--sort|4|one:seq,at,actor,action,target,outcome,source,auth_method,detail,prev_hash,hash' '--filter|0|one:seq,at,actor,action,target,outcome,source,auth_method,detail,prev_hash,hash' '--times|6|one:local,utc,relative' '--token|7|any' '--dc|8|live:servers//name,url') ;;
    'audit head') RECORDS=('--accept|1|none' '--output|2|one:table,vertical,json,jsonl,csv,tsv,yaml,markdown,ids' '--columns|0|some:server_id,seq,hash,at' '--sort|4|one:server_id,seq,hash,at' '--filter|0|one:server_id,seq,hash,at' '--times|6|one:local,utc,relative' '--token|7|any' '--dc|8|live:servers//name,url') ;;
    'audit export') RECORDS=('--output|1|one:jsonl' '--token|2|any' '--dc|3|live:servers//name,url') ;;
    'audit verify') RECORDS=('--from|1|file' '--key|2|file' '--anchor|0|any' '--output|4|one:table,vertical,json,jsonl,csv,tsv,yaml,markdown,ids' '--columns|0|some:state,records,checkpoints,sealed,sealed_at,record,what,server_id,hash,tail' '--sort|6|one:state,records,checkpoints,sealed,sealed_at,record,what,server_id,hash,tail' '--filter|0|one:state,records,checkpoints,sealed,sealed_at,record,what,server_id,hash,tail' '--times|8|one:local,utc,relative' '--token|9|any' '--dc|10|live:servers//name,url') ;;
    'audit find') RECORDS=('--token|1|any' '--output|2|one:table,vertical,json,jsonl,csv,tsv,yaml,markdown,ids' '--columns|0|some:seq,at,actor,action,target,outcome,source,auth_method,detail,prev_hash,hash' '--sort|4|one:seq,at,actor,action,target,outcome,source,auth_method,detail,prev_hash,hash' '--filter|0|one:seq,at,actor,action,target,outcome,source,auth_method,detail,prev_hash,hash' '--times|6|one:local,utc,relative' '--dc|7|live:servers//name,url') ;;
    'auth set-token') RECORDS=('--file|1|none' '--output|2|one:table,vertical,json,jsonl,csv,tsv,yaml,markdown,ids' '--columns|0|some:server,kept,id,user,expiry_date' '--sort|4|one:server,kept,id,user,expiry_date' '--filter|0|one:server,kept,id,user,expiry_date' '--times|6|one:local,utc,relative' '--token|7|any' '--dc|8|live:servers//name,url') ;;
    'auth status') RECORDS=('--output|1|one:table,vertical,json,jsonl,csv,tsv,yaml,markdown,ids' '--columns|0|some:server,kept,validity,id,name,user,expiry_date,checked' '--sort|3|one:server,kept,validity,id,name,user,expiry_date,checked' '--filter|0|one:server,kept,validity,id,name,user,expiry_date,checked' '--times|5|one:local,utc,relative' '--token|6|any' '--dc|7|live:servers//name,url') ;;
    'auth clear') RECORDS=('--output|1|one:table,vertical,json,jsonl,csv,tsv,yaml,markdown,ids' '--columns|0|some:server' '--sort|3|one:server' '--filter|0|one:server' '--times|5|one:local,utc,relative' '--token|6|any' '--dc|7|live:servers//name,url') ;;
    'auth create-token') RECORDS=('--name|1|any' '--expires-in|2|one:10m,1h,24h,7d' '--user|3|live:managers/{username}/full_name' '--output|4|one:table,vertical,json,jsonl,csv,tsv,yaml,markdown,ids' '--columns|0|some:id,name,token' '--sort|6|one:id,name,token' '--filter|0|one:id,name,token' '--times|8|one:local,utc,relative' '--token|9|any' '--dc|10|live:servers//name,url') ;;
    'auth list-tokens') RECORDS=('--output|1|one:table,vertical,json,jsonl,csv,tsv,yaml,markdown,ids' '--columns|0|some:id,name,prefix,created,expiry_date,owner,state,is_emergency' '--sort|3|one:id,name,prefix,created,expiry_date,owner,state,is_emergency' '--filter|0|one:id,name,prefix,created,expiry_date,owner,state,is_emergency' '--times|5|one:local,utc,relative' '--token|6|any' '--dc|7|live:servers//name,url') ;;
    'auth revoke-token') RECORDS=('--output|1|one:table,vertical,json,jsonl,csv,tsv,yaml,markdown,ids' '--columns|0|some:id' '--sort|3|one:id' '--filter|0|one:id' '--times|5|one:local,utc,relative' '--yes|6|none' '--dry-run|7|none' '--token|8|any' '--dc|9|live:servers//name,url') ;;
    'auth emergency-access') RECORDS=('--reason|1|any' '--grant|2|one:10m,1h,24h,7d' '--output|3|one:table,vertical,json,jsonl,csv,tsv,yaml,markdown,ids' '--columns|0|some:reason,id,token,expiry_date' '--sort|5|one:reason,id,token,expiry_date' '--filter|0|one:reason,id,token,expiry_date' '--times|7|one:local,utc,relative' '--token|8|any' '--dc|9|live:servers//name,url') ;;
    'token:generate') RECORDS=('--current|1|none' '--name|2|any' '--project|3|any' '--scopes|0|lives:nodes/node:{uuid}:r,node:{uuid}:rw/path' '--output|5|one:table,vertical,json,jsonl,csv,tsv,yaml,markdown,ids' '--columns|0|some:id,token,approved_by,dc,project' '--sort|7|one:id,token,approved_by,dc,project' '--filter|0|one:id,token,approved_by,dc,project' '--times|9|one:local,utc,relative' '--token|10|any' '--dc|11|live:servers//name,url') ;;
    'token:list') RECORDS=('--output|1|one:table,vertical,json,jsonl,csv,tsv,yaml,markdown,ids' '--columns|0|some:id,name,host,created,expiry_date,project,owner' '--sort|3|one:id,name,host,created,expiry_date,project,owner' '--filter|0|one:id,name,host,created,expiry_date,project,owner' '--times|5|one:local,utc,relative' '--token|6|any' '--dc|7|live:servers//name,url') ;;
    'token:revoke') RECORDS=('--output|1|one:table,vertical,json,jsonl,csv,tsv,yaml,markdown,ids' '--columns|0|some:id' '--sort|3|one:id' '--filter|0|one:id' '--times|5|one:local,utc,relative' '--yes|6|none' '--dry-run|7|none' '--token|8|any' '--dc|9|live:servers//name,url') ;;
    'manager list') RECORDS=('--output|1|one:table,vertical,json,jsonl,csv,tsv,yaml,markdown,ids' '--columns|0|some:id,username,full_name,is_active,is_default,roles,failed_logins,last_login,password_expiration,max_api_tokens,is_temporary_password,password_expiration_disabled,has_password,permissions_list,first_name,last_name,permissions,home_dc' '--sort|3|one:id,username,full_name,is_active,is_default,roles,failed_logins,last_login,password_expiration,max_api_tokens,is_temporary_password,password_expiration_disabled,has_password,permissions_list,first_name,last_name,permissions,home_dc' '--filter|0|one:id,username,full_name,is_active,is_default,roles,failed_logins,last_login,password_expiration,max_api_tokens,is_temporary_password,password_expiration_disabled,has_password,permissions_list,first_name,last_name,permissions,home_dc' '--times|5|one:local,utc,relative' '--token|6|any' '--dc|7|live:servers//name,url') ;;
    'manager show') RECORDS=('--username|-1|live:managers/{username}/full_name' '--id|-1|live:managers/{id}/username' '--output|3|one:table,vertical,json,jsonl,csv,tsv,yaml,markdown,ids' '--columns|0|some:id,username,full_name,is_active,is_default,max_api_tokens,roles,failed_logins,last_login,password_expiration,is_temporary_password,password_expiration_disabled,has_password,permissions_list,first_name,last_name,permissions,home_dc' '--sort|5|one:id,username,full_name,is_active,is_default,max_api_tokens,roles,failed_logins,last_login,password_expiration,is_temporary_password,password_expiration_disabled,has_password,permissions_list,first_name,last_name,permissions,home_dc' '--filter|0|one:id,username,full_name,is_active,is_default,max_api_tokens,roles,failed_logins,last_login,password_expiration,is_temporary_password,password_expiration_disabled,has_password,permissions_list,first_name,last_name,permissions,home_dc' '--times|7|one:local,utc,relative' '--token|8|any' '--dc|9|live:servers//name,url') ;;
    'manager create') RECORDS=('--username|1|any' '--password|2|any' '--is-temporary-password|3|none' '--first-name|4|any' '--last-name|5|any' '--roles|0|lives:roles/{name}/' '--permissions-list|0|lives:permissions/{codename}/name' '--max-api-tokens|8|any' '--disable-password-expiration|9|none' '--enable-password-expiration|9|none' '--output|10|one:table,vertical,json,jsonl,csv,tsv,yaml,markdown,ids' '--columns|0|some:id,username,full_name,is_active,is_default,max_api_tokens,roles,failed_logins,last_login,password_expiration,is_temporary_password,password_expiration_disabled,has_password,permissions_list' '--sort|12|one:id,username,full_name,is_active,is_default,max_api_tokens,roles,failed_logins,last_login,password_expiration,is_temporary_password,password_expiration_disabled,has_password,permissions_list' '--filter|0|one:id,username,full_name,is_active,is_default,max_api_tokens,roles,failed_logins,last_login,password_expiration,is_temporary_password,password_expiration_disabled,has_password,permissions_list' '--times|14|one:local,utc,relative' '--token|15|any' '--dc|16|live:servers//name,url') ;;
    'manager modify') RECORDS=('--username|-1|live:managers/{username}/full_name' '--id|-1|live:managers/{id}/username' '--new-username|3|any' '--first-name|4|any' '--last-name|5|any' '--roles|0|lives:roles/{name}/' '--permissions-list|0|lives:permissions/{codename}/name' '--max-api-tokens|8|any' '--enable|9|none' '--disable|9|none' '--disable-password-expiration|10|none' '--enable-password-expiration|10|none' '--home-dc|11|any' '--output|12|one:table,vertical,json,jsonl,csv,tsv,yaml,markdown,ids' '--columns|0|some:id,username,full_name,is_active,is_default,max_api_tokens,roles,failed_logins,last_login,password_expiration,is_temporary_password,password_expiration_disabled,has_password,permissions_list' '--sort|14|one:id,username,full_name,is_active,is_default,max_api_tokens,roles,failed_logins,last_login,password_expiration,is_temporary_password,password_expiration_disabled,has_password,permissions_list' '--filter|0|one:id,username,full_name,is_active,is_default,max_api_tokens,roles,failed_logins,last_login,password_expiration,is_temporary_password,password_expiration_disabled,has_password,permissions_list' '--times|16|one:local,utc,relative' '--token|17|any' '--dc|18|live:servers//name,url') ;;
    'manager delete') RECORDS=('--username|-1|live:managers/{username}/full_name' '--id|-1|live:managers/{id}/username' '--output|3|one:table,vertical,json,jsonl,csv,tsv,yaml,markdown,ids' '--columns|0|some:id,username' '--sort|5|one:id,username' '--filter|0|one:id,username' '--times|7|one:local,utc,relative' '--yes|8|none' '--dry-run|9|none' '--token|10|any' '--dc|11|live:servers//name,url') ;;
    'manager unlock') RECORDS=('--username|-1|live:managers/{username}/full_name' '--id|-1|live:managers/{id}/username' '--password|3|any' '--is-temporary-password|4|none' '--output|5|one:table,vertical,json,jsonl,csv,tsv,yaml,markdown,ids' '--columns|0|some:id,username' '--sort|7|one:id,username' '--filter|0|one:id,username' '--times|9|one:local,utc,relative' '--token|10|any' '--dc|11|live:servers//name,url') ;;
    'manager set_password') RECORDS=('--username|1|live:managers/{username}/full_name' '--id|2|live:managers/{id}/username' '--password|3|any' '--is-temporary-password|4|none' '--output|5|one:table,vertical,json,jsonl,csv,tsv,yaml,markdown,ids' '--columns|0|some:username' '--sort|7|one:username' '--filter|0|one:username' '--times|9|one:local,utc,relative' '--token|10|any' '--dc|11|live:servers//name,url') ;;
    'admin user token') RECORDS=('-u|1|live:managers/{username}/full_name' '--user|1|live:managers/{username}/full_name' '-e|2|one:10m,1h,24h,7d' '--expire|2|one:10m,1h,24h,7d' '-a|3|one:10m,1h,24h,7d' '--auto|3|one:10m,1h,24h,7d' '-s|0|lives:nodes/node:{uuid}:r,node:{uuid}:rw/path' '--scope|0|lives:nodes/node:{uuid}:r,node:{uuid}:rw/path' '-q|5|none' '--quiet|5|none' '--output|6|one:table,vertical,json,jsonl,csv,tsv,yaml,markdown,ids' '--columns|0|some:id,token,user,expires,auto' '--sort|8|one:id,token,user,expires,auto' '--filter|0|one:id,token,user,expires,auto' '--times|10|one:local,utc,relative' '--token|11|any' '--dc|12|live:servers//name,url') ;;
    'vault auth') RECORDS=('--output|1|one:table,vertical,json,jsonl,csv,tsv,yaml,markdown,ids' '--columns|0|some:user,accessor,policies' '--sort|3|one:user,accessor,policies' '--filter|0|one:user,accessor,policies' '--times|5|one:local,utc,relative' '--token|6|any' '--dc|7|live:servers//name,url') ;;
    'token create') RECORDS=('-ttl|1|one:10m,1h,24h,7d' '-lease|1|one:10m,1h,24h,7d' '-policy|0|live:roles/{name}/' '-metadata|0|any' '-orphan|4|none' '-use-limit|5|any' '-display-name|6|any' '-id|7|any' '-explicit-max-ttl|8|one:10m,1h,24h,7d' '-period|9|one:10m,1h,24h,7d' '-renewable|10|one:true,false' '-no-default-policy|11|none' '--output|12|one:table,vertical,json,jsonl,csv,tsv,yaml,markdown,ids' '--columns|0|some:token,token_accessor,token_duration,token_renewable,token_policies,token_meta' '--sort|14|one:token,token_accessor,token_duration,token_renewable,token_policies,token_meta' '--filter|0|one:token,token_accessor,token_duration,token_renewable,token_policies,token_meta' '--times|16|one:local,utc,relative' '--token|17|any' '--dc|18|live:servers//name,url') ;;
    'token lookup') RECORDS=('-accessor|1|live:apitokens/{id}/name,owner' '--output|2|one:table,vertical,json,jsonl,csv,tsv,yaml,markdown,ids' '--columns|0|some:accessor,creation_time,display_name,expire_time,meta,num_uses,orphan,path,policies,ttl' '--sort|4|one:accessor,creation_time,display_name,expire_time,meta,num_uses,orphan,path,policies,ttl' '--filter|0|one:accessor,creation_time,display_name,expire_time,meta,num_uses,orphan,path,policies,ttl' '--times|6|one:local,utc,relative' '--token|7|any' '--dc|8|live:servers//name,url') ;;
    'token renew') RECORDS=('-increment|1|one:10m,1h,24h,7d' '-accessor|2|live:apitokens/{id}/name,owner' '--output|3|one:table,vertical,json,jsonl,csv,tsv,yaml,markdown,ids' '--columns|0|some:token,token_accessor,token_duration,token_renewable,token_policies,token_meta' '--sort|5|one:token,token_accessor,token_duration,token_renewable,token_policies,token_meta' '--filter|0|one:token,token_accessor,token_duration,token_renewable,token_policies,token_meta' '--times|7|one:local,utc,relative' '--token|8|any' '--dc|9|live:servers//name,url') ;;
    'token revoke') RECORDS=('-mode|1|one:orphan,path' '-self|2|none' '-accessor|3|live:apitokens/{id}/name,owner' '--output|4|one:table,vertical,json,jsonl,csv,tsv,yaml,markdown,ids' '--columns|0|some:id' '--sort|6|one:id' '--filter|0|one:id' '--times|8|one:local,utc,relative' '--yes|9|none' '--dry-run|10|none' '--token|11|any' '--dc|12|live:servers//name,url') ;;
    'token capabilities') RECORDS=('--token|1|any' '--dc|2|live:servers//name,url') ;;
    'doctor') RECORDS=('--output|1|one:table,vertical,json,jsonl,csv,tsv,yaml,markdown,ids' '--columns|0|some:check,state,finding,next_step' '--sort|3|one:check,state,finding,next_step' '--filter|0|one:check,state,finding,next_step' '--times|5|one:local,utc,relative' '--token|6|any' '--dc|7|live:servers//name,url') ;;
    'help') RECORDS=('--search|1|any' '--token|2|any' '--dc|3|live:servers//name,url') ;;
    'node create') RECORDS=('--path|1|live:nodes/{path}/' '--uuid|2|live:nodes/{uuid}/path' '--output|3|one:table,vertical,json,jsonl,csv,tsv,yaml,markdown,ids' '--columns|0|some:uuid,path' '--sort|5|one:uuid,path' '--filter|0|one:uuid,path' '--times|7|one:local,utc,relative' '--token|8|any' '--dc|9|live:servers//name,url') ;;
    'node list') RECORDS=('--output|1|one:table,vertical,json,jsonl,csv,tsv,yaml,markdown,ids' '--columns|0|some:uuid,path,created' '--sort|3|one:uuid,path,created' '--filter|0|one:uuid,path,created' '--times|5|one:local,utc,relative' '--token|6|any' '--dc|7|live:servers//name,url') ;;
    'node show') RECORDS=('--uuid|-1|live:nodes/{uuid}/path' '--path|-1|live:nodes/{path}/' '--output|3|one:table,vertical,json,jsonl,csv,tsv,yaml,markdown,ids' '--columns|0|some:uuid,path,created' '--sort|5|one:uuid,path,created' '--filter|0|one:uuid,path,created' '--times|7|one:local,utc,relative' '--token|8|any' '--dc|9|live:servers//name,url') ;;
    'node delete') RECORDS=('--uuid|-1|live:nodes/{uuid}/path' '--path|-1|live:nodes/{path}/' '--output|3|one:table,vertical,json,jsonl,csv,tsv,yaml,markdown,ids' '--columns|0|some:uuid,path' '--sort|5|one:uuid,path' '--filter|0|one:uuid,path' '--times|7|one:local,utc,relative' '--yes|8|none' '--dry-run|9|none' '--token|10|any' '--dc|11|live:servers//name,url') ;;
    'permission list') RECORDS=('--realm|1|live:realms/{name}/' '--output|2|one:table,vertical,json,jsonl,csv,tsv,yaml,markdown,ids' '--columns|0|some:id,codename,permission_type,realm,resources,name' '--sort|4|one:id,codename,permission_type,realm,resources,name' '--filter|0|one:id,codename,permission_type,realm,resources,name' '--times|6|one:local,utc,relative' '--token|7|any' '--dc|8|live:servers//name,url') ;;
    'project use') RECORDS=('--output|1|one:table,vertical,json,jsonl,csv,tsv,yaml,markdown,ids' '--columns|0|some:project,file' '--sort|3|one:project,file' '--filter|0|one:project,file' '--times|5|one:local,utc,relative' '--token|6|any' '--dc|7|live:servers//name,url') ;;
    'project show') RECORDS=('--output|1|one:table,vertical,json,jsonl,csv,tsv,yaml,markdown,ids' '--columns|0|some:project,file' '--sort|3|one:project,file' '--filter|0|one:project,file' '--times|5|one:local,utc,relative' '--token|6|any' '--dc|7|live:servers//name,url') ;;
    'project clear') RECORDS=('--output|1|one:table,vertical,json,jsonl,csv,tsv,yaml,markdown,ids' '--columns|0|some:project,file' '--sort|3|one:project,file' '--filter|0|one:project,file' '--times|5|one:local,utc,relative' '--token|6|any' '--dc|7|live:servers//name,url') ;;
    'realm list') RECORDS=('--output|1|one:table,vertical,json,jsonl,csv,tsv,yaml,markdown,ids' '--columns|0|some:id,name,object_types,is_default' '--sort|3|one:id,name,object_types,is_default' '--filter|0|one:id,name,object_types,is_default' '--times|5|one:local,utc,relative' '--token|6|any' '--dc|7|live:servers//name,url') ;;
    'realm show') RECORDS=('--name|-1|live:realms/{name}/' '--id|-1|live:realms/{id}/name' '--output|3|one:table,vertical,json,jsonl,csv,tsv,yaml,markdown,ids' '--columns|0|some:id,name,object_types,is_default' '--sort|5|one:id,name,object_types,is_default' '--filter|0|one:id,name,object_types,is_default' '--times|7|one:local,utc,relative' '--token|8|any' '--dc|9|live:servers//name,url') ;;
    'realm create') RECORDS=('--name|1|any' '--object-types|0|any' '--output|3|one:table,vertical,json,jsonl,csv,tsv,yaml,markdown,ids' '--columns|0|some:id,name,object_types,is_default' '--sort|5|one:id,name,object_types,is_default' '--filter|0|one:id,name,object_types,is_default' '--times|7|one:local,utc,relative' '--token|8|any' '--dc|9|live:servers//name,url') ;;
    'realm modify') RECORDS=('--name|-1|live:realms/{name}/' '--id|-1|live:realms/{id}/name' '--new-name|3|any' '--object-types|0|any' '--output|5|one:table,vertical,json,jsonl,csv,tsv,yaml,markdown,ids' '--columns|0|some:id,name,object_types,is_default' '--sort|7|one:id,name,object_types,is_default' '--filter|0|one:id,name,object_types,is_default' '--times|9|one:local,utc,relative' '--token|10|any' '--dc|11|live:servers//name,url') ;;
    'realm assign') RECORDS=('--name|-1|live:realms/{name}/' '--id|-1|live:realms/{id}/name' '--object-types|0|any' '--output|4|one:table,vertical,json,jsonl,csv,tsv,yaml,markdown,ids' '--columns|0|some:id,name,object_types,is_default' '--sort|6|one:id,name,object_types,is_default' '--filter|0|one:id,name,object_types,is_default' '--times|8|one:local,utc,relative' '--token|9|any' '--dc|10|live:servers//name,url') ;;
    'realm unassign') RECORDS=('--name|-1|live:realms/{name}/' '--id|-1|live:realms/{id}/name' '--object-types|0|any' '--output|4|one:table,vertical,json,jsonl,csv,tsv,yaml,markdown,ids' '--columns|0|some:id,name,object_types,is_default' '--sort|6|one:id,name,object_types,is_default' '--filter|0|one:id,name,object_types,is_default' '--times|8|one:local,utc,relative' '--token|9|any' '--dc|10|live:servers//name,url') ;;
    'realm delete') RECORDS=('--name|-1|live:realms/{name}/' '--id|-1|live:realms/{id}/name' '--output|3|one:table,vertical,json,jsonl,csv,tsv,yaml,markdown,ids' '--columns|0|some:id,name' '--sort|5|one:id,name' '--filter|0|one:id,name' '--times|7|one:local,utc,relative' '--yes|8|none' '--dry-run|9|none' '--token|10|any' '--dc|11|live:servers//name,url') ;;
    'role list') RECORDS=('--output|1|one:table,vertical,json,jsonl,csv,tsv,yaml,markdown,ids' '--columns|0|some:id,name,managers,ldap_groups,tenants,is_default,is_admin,tenant_id,tenant_name,permissions' '--sort|3|one:id,name,managers,ldap_groups,tenants,is_default,is_admin,tenant_id,tenant_name,permissions' '--filter|0|one:id,name,managers,ldap_groups,tenants,is_default,is_admin,tenant_id,tenant_name,permissions' '--times|5|one:local,utc,relative' '--token|6|any' '--dc|7|live:servers//name,url') ;;
    'role show') RECORDS=('--name|-1|live:roles/{name}/' '--id|-1|live:roles/{id}/name' '--output|3|one:table,vertical,json,jsonl,csv,tsv,yaml,markdown,ids' '--columns|0|some:id,name,managers,ldap_groups,tenants,is_default,is_admin,tenant_id,tenant_name,permissions' '--sort|5|one:id,name,managers,ldap_groups,tenants,is_default,is_admin,tenant_id,tenant_name,permissions' '--filter|0|one:id,name,managers,ldap_groups,tenants,is_default,is_admin,tenant_id,tenant_name,permissions' '--times|7|one:local,utc,relative' '--token|8|any' '--dc|9|live:servers//name,url') ;;
    'role create') RECORDS=('--name|1|any' '--permissions-list|0|lives:permissions/{codename}/name' '--realm|3|live:realms/{name}/' '--permissions|0|some:create,view,edit,delete' '--output|5|one:table,vertical,json,jsonl,csv,tsv,yaml,markdown,ids' '--columns|0|some:id,name,managers,ldap_groups,tenants,is_default,is_admin,tenant_id,tenant_name,permissions' '--sort|7|one:id,name,managers,ldap_groups,tenants,is_default,is_admin,tenant_id,tenant_name,permissions' '--filter|0|one:id,name,managers,ldap_groups,tenants,is_default,is_admin,tenant_id,tenant_name,permissions' '--times|9|one:local,utc,relative' '--token|10|any' '--dc|11|live:servers//name,url') ;;
    'role modify') RECORDS=('--name|-1|live:roles/{name}/' '--id|-1|live:roles/{id}/name' '--new-name|3|any' '--permissions-list|0|lives:permissions/{codename}/name' '--output|5|one:table,vertical,json,jsonl,csv,tsv,yaml,markdown,ids' '--columns|0|some:id,name,managers,ldap_groups,tenants,is_default,is_admin,tenant_id,tenant_name,permissions' '--sort|7|one:id,name,managers,ldap_groups,tenants,is_default,is_admin,tenant_id,tenant_name,permissions' '--filter|0|one:id,name,managers,ldap_groups,tenants,is_default,is_admin,tenant_id,tenant_name,permissions' '--times|9|one:local,utc,relative' '--token|10|any' '--dc|11|live:servers//name,url') ;;
    'role assign') RECORDS=('--name|-1|live:roles/{name}/' '--id|-1|live:roles/{id}/name' '--realm|3|live:realms/{name}/' '--permissions|0|some:create,view,edit,delete' '--output|5|one:table,vertical,json,jsonl,csv,tsv,yaml,markdown,ids' '--columns|0|some:id,name,managers,ldap_groups,tenants,is_default,is_admin,tenant_id,tenant_name,permissions' '--sort|7|one:id,name,managers,ldap_groups,tenants,is_default,is_admin,tenant_id,tenant_name,permissions' '--filter|0|one:id,name,managers,ldap_groups,tenants,is_default,is_admin,tenant_id,tenant_name,permissions' '--times|9|one:local,utc,relative' '--token|10|any' '--dc|11|live:servers//name,url') ;;
    'role unassign') RECORDS=('--name|-1|live:roles/{name}/' '--id|-1|live:roles/{id}/name' '--realm|3|live:realms/{name}/' '--permissions|0|some:create,view,edit,delete' '--output|5|one:table,vertical,json,jsonl,csv,tsv,yaml,markdown,ids' '--columns|0|some:id,name,managers,ldap_groups,tenants,is_default,is_admin,tenant_id,tenant_name,permissions' '--sort|7|one:id,name,managers,ldap_groups,tenants,is_default,is_admin,tenant_id,tenant_name,permissions' '--filter|0|one:id,name,managers,ldap_groups,tenants,is_default,is_admin,tenant_id,tenant_name,permissions' '--times|9|one:local,utc,relative' '--token|10|any' '--dc|11|live:servers//name,url') ;;
    'role delete') RECORDS=('--name|-1|live:roles/{name}/' '--id|-1|live:roles/{id}/name' '--output|3|one:table,vertical,json,jsonl,csv,tsv,yaml,markdown,ids' '--columns|0|some:id,name' '--sort|5|one:id,name' '--filter|0|one:id,name' '--times|7|one:local,utc,relative' '--yes|8|none' '--dry-run|9|none' '--token|10|any' '--dc|11|live:servers//name,url') ;;
    'server add') RECORDS=('--username|1|any' '--ca-file|2|file' '--fingerprint|3|any' '--output|4|one:table,vertical,json,jsonl,csv,tsv,yaml,markdown,ids' '--columns|0|some:name,url' '--sort|6|one:name,url' '--filter|0|one:name,url' '--times|8|one:local,utc,relative' '--token|9|any' '--dc|10|live:servers//name,url') ;;
    'server list') RECORDS=('--output|1|one:table,vertical,json,jsonl,csv,tsv,yaml,markdown,ids' '--columns|0|some:name,url,dc,username,current,ca_file,fingerprint' '--sort|3|one:name,url,dc,username,current,ca_file,fingerprint' '--filter|0|one:name,url,dc,username,current,ca_file,fingerprint' '--times|5|one:local,utc,relative' '--token|6|any' '--dc|7|live:servers//name,url') ;;
    'server use') RECORDS=('--output|1|one:table,vertical,json,jsonl,csv,tsv,yaml,markdown,ids' '--columns|0|some:name,url' '--sort|3|one:name,url' '--filter|0|one:name,url' '--times|5|one:local,utc,relative' '--token|6|any' '--dc|7|live:servers//name,url') ;;
    'server remove') RECORDS=('--output|1|one:table,vertical,json,jsonl,csv,tsv,yaml,markdown,ids' '--columns|0|some:name' '--sort|3|one:name' '--filter|0|one:name' '--times|5|one:local,utc,relative' '--token|6|any' '--dc|7|live:servers//name,url') ;;
    'set') RECORDS=('--save|1|none' '--output|2|one:table,vertical,json,jsonl,csv,tsv,yaml,markdown,ids' '--columns|0|some:setting,value,explanation' '--sort|4|one:setting,value,explanation' '--filter|0|one:setting,value,explanation' '--times|6|one:local,utc,relative' '--token|7|any' '--dc|8|live:servers//name,url') ;;
    'show settings') RECORDS=('--output|1|one:table,vertical,json,jsonl,csv,tsv,yaml,markdown,ids' '--columns|0|some:setting,value,explanation' '--sort|3|one:setting,value,explanation' '--filter|0|one:setting,value,explanation' '--times|5|one:local,utc,relative' '--token|6|any' '--dc|7|live:servers//name,url') ;;
    'source') RECORDS=('--keep-going|1|none' '--dry-run|2|none' '--jobs|3|any' '--report|4|file' '--token|5|any' '--dc|6|live:servers//name,url') ;;
    'history') RECORDS=('--token|1|any' '--dc|2|live:servers//name,url') ;;
    'clear') RECORDS=('--token|1|any' '--dc|2|live:servers//name,url') ;;
    'exit') RECORDS=('--token|1|any' '--dc|2|live:servers//name,url') ;;
    'login') RECORDS=('--username|1|live:managers/{username}/full_name' '--store|2|one:keyring,file,none' '--output|3|one:table,vertical,json,jsonl,csv,tsv,yaml,markdown,ids' '--columns|0|some:username,server,kept' '--sort|5|one:username,server,kept' '--filter|0|one:username,server,kept' '--times|7|one:local,utc,relative' '--token|8|any' '--dc|9|live:servers//name,url') ;;
    'logout') RECORDS=('--output|1|one:table,vertical,json,jsonl,csv,tsv,yaml,markdown,ids' '--columns|0|some:username,server' '--sort|3|one:username,server' '--filter|0|one:username,server' '--times|5|one:local,utc,relative' '--token|6|any' '--dc|7|live:servers//name,url') ;;
    'whoami') RECORDS=('--output|1|one:table,vertical,json,jsonl,csv,tsv,yaml,markdown,ids' '--columns|0|some:username,id,server,source' '--sort|3|one:username,id,server,source' '--filter|0|one:username,id,server,source' '--times|5|one:local,utc,relative' '--token|6|any' '--dc|7|live:servers//name,url') ;;
    'tutorial') RECORDS=('--token|1|any' '--dc|2|live:servers//name,url') ;;
    'undo') RECORDS=('--output|1|one:table,vertical,json,jsonl,csv,tsv,yaml,markdown,ids' '--columns|0|some:undone,restored' '--sort|3|one:undone,restored' '--filter|0|one:undone,restored' '--times|5|one:local,utc,relative' '--token|6|any' '--dc|7|live:servers//name,url') ;;
    'vms list') RECORDS=('--output|1|one:table,vertical,json,jsonl,csv,tsv,yaml,markdown,ids' '--columns|0|some:id,name,max_api_tokens_per_user,login_banner,access_token_lifetime,refresh_token_lifetime,default_lease_ttl,max_lease_ttl,device_flow' '--sort|3|one:id,name,max_api_tokens_per_user,login_banner,access_token_lifetime,refresh_token_lifetime,default_lease_ttl,max_lease_ttl,device_flow' '--filter|0|one:id,name,max_api_tokens_per_user,login_banner,access_token_lifetime,refresh_token_lifetime,default_lease_ttl,max_lease_ttl,device_flow' '--times|5|one:local,utc,relative' '--token|6|any' '--dc|7|live:servers//name,url') ;;
    'vms show') RECORDS=('--id|1|any' '--output|2|one:table,vertical,json,jsonl,csv,tsv,yaml,markdown,ids' '--columns|0|some:id,name,max_api_tokens_per_user,login_banner,access_token_lifetime,refresh_token_lifetime,default_lease_ttl,max_lease_ttl,device_flow' '--sort|4|one:id,name,max_api_tokens_per_user,login_banner,access_token_lifetime,refresh_token_lifetime,default_lease_ttl,max_lease_ttl,device_flow' '--filter|0|one:id,name,max_api_tokens_per_user,login_banner,access_token_lifetime,refresh_token_lifetime,default_lease_ttl,max_lease_ttl,device_flow' '--times|6|one:local,utc,relative' '--token|7|any' '--dc|8|live:servers//name,url') ;;
    'vms modify') RECORDS=('--id|1|any' '--login-banner|2|any' '--access-token-lifetime|3|any' '--refresh-token-lifetime|4|any' '--default-lease-ttl|5|one:10m,1h,24h,7d' '--max-lease-ttl|6|one:10m,1h,24h,7d' '--device-flow|7|one:all,create_security,off' '--output|8|one:table,vertical,json,jsonl,csv,tsv,yaml,markdown,ids' '--columns|0|some:id,name,max_api_tokens_per_user,login_banner,access_token_lifetime,refresh_token_lifetime' '--sort|10|one:id,name,max_api_tokens_per_user,login_banner,access_token_lifetime,refresh_token_lifetime' '--filter|0|one:id,name,max_api_tokens_per_user,login_banner,access_token_lifetime,refresh_token_lifetime' '--times|12|one:local,utc,relative' '--token|13|any' '--dc|14|live:servers//name,url') ;;
    'vms set_max_api_tokens_per_user') RECORDS=('--max-api-tokens-per-user|1|any' '--id|2|any' '--output|3|one:table,vertical,json,jsonl,csv,tsv,yaml,markdown,ids' '--columns|0|some:id,name,max_api_tokens_per_user,login_banner,access_token_lifetime,refresh_token_lifetime' '--sort|5|one:id,name,max_api_tokens_per_user,login_banner,access_token_lifetime,refresh_token_lifetime' '--filter|0|one:id,name,max_api_tokens_per_user,login_banner,access_token_lifetime,refresh_token_lifetime' '--times|7|one:local,utc,relative' '--token|8|any' '--dc|9|live:servers//name,url') ;;
    'vms get_pwd_settings') RECORDS=('--id|1|any' '--output|2|one:table,vertical,json,jsonl,csv,tsv,yaml,markdown,ids' '--columns|0|some:min_pwd_length,pwd_requires_uppercase,pwd_requires_lowercase,pwd_requires_numeric,pwd_requires_special_chars,pwd_change_timeout,pwd_change_timeout_enabled,pwd_expiration_timeout,pwd_expiration_timeout_enabled,tmp_pwd_expiration_timeout,max_failed_login_attempts,max_failed_login_attempts_enabled,pwd_history_no_reuse_count,pwd_history_no_reuse_count_enabled' '--sort|4|one:min_pwd_length,pwd_requires_uppercase,pwd_requires_lowercase,pwd_requires_numeric,pwd_requires_special_chars,pwd_change_timeout,pwd_change_timeout_enabled,pwd_expiration_timeout,pwd_expiration_timeout_enabled,tmp_pwd_expiration_timeout,max_failed_login_attempts,max_failed_login_attempts_enabled,pwd_history_no_reuse_count,pwd_history_no_reuse_count_enabled' '--filter|0|one:min_pwd_length,pwd_requires_uppercase,pwd_requires_lowercase,pwd_requires_numeric,pwd_requires_special_chars,pwd_change_timeout,pwd_change_timeout_enabled,pwd_expiration_timeout,pwd_expiration_timeout_enabled,tmp_pwd_expiration_timeout,max_failed_login_attempts,max_failed_login_attempts_enabled,pwd_history_no_reuse_count,pwd_history_no_reuse_count_enabled' '--times|6|one:local,utc,relative' '--token|7|any' '--dc|8|live:servers//name,url') ;;
    'vms modify_pwd_settings') RECORDS=('--id|1|any' '--min-pwd-length|2|any' '--enable-pwd-uppercase-validation|3|none' '--disable-pwd-uppercase-validation|3|none' '--enable-pwd-lowercase-validation|4|none' '--disable-pwd-lowercase-validation|4|none' '--enable-pwd-numeric-validation|5|none' '--disable-pwd-numeric-validation|5|none' '--enable-pwd-special-chars-validation|6|none' '--disable-pwd-special-chars-validation|6|none' '--pwd-change-timeout|7|one:1D,7D,30D,180D,1Y' '--pwd-expiration-timeout|8|one:1D,7D,30D,180D,1Y' '--tmp-pwd-expiration-timeout|9|one:1D,7D,30D,180D,1Y' '--max-failed-login-attempts|10|any' '--pwd-history-no-reuse-count|11|any' '--enable-pwd-change-timeout|12|none' '--disable-pwd-change-timeout|12|none' '--enable-pwd-expiration-timeout|13|none' '--disable-pwd-expiration-timeout|13|none' '--enable-max-failed-login-attempts|14|none' '--disable-max-failed-login-attempts|14|none' '--enable-pwd-history-no-reuse-count|15|none' '--disable-pwd-history-no-reuse-count|15|none' '--output|16|one:table,vertical,json,jsonl,csv,tsv,yaml,markdown,ids' '--columns|0|some:min_pwd_length,pwd_requires_uppercase,pwd_requires_lowercase,pwd_requires_numeric,pwd_requires_special_chars,pwd_change_timeout,pwd_change_timeout_enabled,pwd_expiration_timeout,pwd_expiration_timeout_enabled,tmp_pwd_expiration_timeout,max_failed_login_attempts,max_failed_login_attempts_enabled,pwd_history_no_reuse_count,pwd_history_no_reuse_count_enabled' '--sort|18|one:min_pwd_length,pwd_requires_uppercase,pwd_requires_lowercase,pwd_requires_numeric,pwd_requires_special_chars,pwd_change_timeout,pwd_change_timeout_enabled,pwd_expiration_timeout,pwd_expiration_timeout_enabled,tmp_pwd_expiration_timeout,max_failed_login_attempts,max_failed_login_attempts_enabled,pwd_history_no_reuse_count,pwd_history_no_reuse_count_enabled' '--filter|0|one:min_pwd_length,pwd_requires_uppercase,pwd_requires_lowercase,pwd_requires_numeric,pwd_requires_special_chars,pwd_change_timeout,pwd_change_timeout_enabled,pwd_expiration_timeout,pwd_expiration_timeout_enabled,tmp_pwd_expiration_timeout,max_failed_login_attempts,max_failed_login_attempts_enabled,pwd_history_no_reuse_count,pwd_history_no_reuse_count_enabled' '--times|20|one:local,utc,relative' '--token|21|any' '--dc|22|live:servers//name,url') ;;
    'watch') RECORDS=('--count|1|any') ;;
    'watch INTERVAL') RECORDS=('--count|1|any') ;;
    *) RECORDS=() ;;
    esac
}

_vshell_positionals() {
    case $1 in
    'alias add') RECORDS=('any' 'any') ;;
    'alias remove') RECORDS=('any') ;;
    'api') RECORDS=('one:GET,POST,PUT,PATCH,DELETE' 'any' 'any') ;;
    'apitoken scan') RECORDS=('file...') ;;
    'auth set-token') RECORDS=('any') ;;
    'auth revoke-token') RECORDS=('live:apitokens/{id}/name,owner') ;;
    'token:revoke') RECORDS=('live:apitokens/{id}/name,owner') ;;
    'vault auth') RECORDS=('any') ;;
    'token lookup') RECORDS=('any') ;;
    'token renew') RECORDS=('any' 'one:10m,1h,24h,7d') ;;
    'token revoke') RECORDS=('any') ;;
    'token capabilities') RECORDS=('any...') ;;
    'help') RECORDS=('one:admin,alias,api,apitoken,audit,auth,clear,doctor,exit,help,history,login,logout,manager,node,permission,project,quit,realm,role,server,set,show,source,token,token-create,token-lookup,token-renew,token-revoke,token:generate,token:list,token:revoke,tutorial,undo,user,vault,vms,whoami,audit_trail,batch,ci,credentials,design,durations,exit_codes,gateway,language,output,projects,scripts,security,servers...') ;;
    'project use') RECORDS=('any') ;;
    'server add') RECORDS=('any' 'any') ;;
    'server use') RECORDS=('live:servers/{name}/url') ;;
    'server remove') RECORDS=('live:servers/{name}/url') ;;
    'set') RECORDS=('one:output,color,editing,timeout_seconds,times,pager,title,transient_prompt' 'any') ;;
    'source') RECORDS=('file') ;;
    'history') RECORDS=('any') ;;
    'tutorial') RECORDS=('one:skip,leave') ;;
    'watch') RECORDS=('one:2s,5s,30s,1m') ;;
    *) RECORDS=() ;;
    esac
}

# The words of the line up to the cursor, unquoted: WORDS; CUT is how much of the last one bash keeps by itself.
_vshell_split() {
    local rest=${COMP_LINE:0:COMP_POINT} index word gap
    WORDS=() CUT=0
    for ((index = 0; index <= COMP_CWORD; index++)); do
        word=${COMP_WORDS[index]}
        gap=${rest%%[![:space:]]*}
        rest=${rest#"$gap"}
        ((index == COMP_CWORD)) && word=$rest
        rest=${rest#"$word"}
        CUT=0
        if [[ $index == 0 || -n $gap ]]; then
            WORDS+=("${word//[\'\"\\]/}")
        else
            gap=${word##*[=:]}
            CUT=$((${#WORDS[-1]} + ${#word} - ${#gap}))
            WORDS[-1]+=${word//[\'\"\\]/}
        fi
    done
}

# The one of RECORDS that begins with the word, or that it is the only beginning of: RECORD.
_vshell_find() {
    local record found=()
    for record in "${RECORDS[@]}"; do
        [[ $record == "$1|"* ]] && RECORD=$record && return
        [[ $record == "$1"* ]] && found+=("$record")
    done
    ((${#found[@]} == 1)) && RECORD=${found[0]}
}

_vshell_offer() {
    local text
    for text in "${@:2}"; do
        if [[ $text == "$1"* ]]; then
            [[ $text == *[!A-Za-z0-9_.,:=/@%+-]* ]] && printf -v text %q "$text"
            COMPREPLY+=("${text:CUT}")
        fi
    done
}

# Offer the values of one sort for what is typed of it; $3 stands before them in the word.
_vshell_values() {
    local sort=$1 typed=$2 before=$3 head='' line texts=()
    case $sort in
    some:* | lives:*) [[ $typed == *,* ]] && head=${typed%,*}, && typed=${typed##*,} ;;
    esac
    case $sort in
    file)
        compopt -o filenames 2>/dev/null
        mapfile -t texts < <(compgen -f -- "$typed")
        COMPREPLY=("${texts[@]/#/$before}")
        for line in "${!COMPREPLY[@]}"; do COMPREPLY[line]=${COMPREPLY[line]:CUT}; done
        return
        ;;
    one:* | some:*) IFS=, read -ra texts <<<"${sort#*:}" ;;
    live:* | lives:*)
        mapfile -t texts < <(command "$PROGRAM" --complete "${sort#*:}" "$typed" "${CONTEXT[@]}" 2>/dev/null)
        texts=("${texts[@]%%$'\t'*}")
        ;;
    esac
    [[ -n $head ]] && for line in "${!texts[@]}"; do
        [[ ,$head == *",${texts[line]},"* ]] && unset "texts[line]"
    done
    _vshell_offer "$before$head$typed" "${texts[@]/#/$before$head}"
}

# Tell whether a line begins at the node, so that an alias may stand there.
_vshell_begins() {
    [[ -z $1 || $1 == 'watch INTERVAL' ]]
}

# The user's aliases that begin with the word, each with its meaning behind a tab: ALIASES. Without any in the
# settings file nothing is started.
_vshell_aliases() {
    local file=${XDG_CONFIG_HOME:-$HOME/.config}/vshell/settings.toml lines=()
    ALIASES=()
    if [[ -f $file ]]; then
        mapfile -t lines <"$file"
        [[ ${lines[*]} == *alias* ]] || return
    elif [[ $OSTYPE == linux* ]]; then
        return
    fi
    mapfile -t ALIASES < <(command "$PROGRAM" --complete 'aliases/{name}/line' "$1" 2>/dev/null)
}

# Put what an alias stands for in its place, which is the word number $1.
_vshell_expand() {
    local text meaning=() ALIASES
    _vshell_aliases "${WORDS[$1]}"
    for text in "${ALIASES[@]}"; do
        [[ ${text%%$'\t'*} == "${WORDS[$1]}" ]] || continue
        read -ra meaning <<<"${text#*$'\t'}"
        WORDS=("${WORDS[@]:0:$1}" "${meaning[@]//[\'\"\\]/}" "${WORDS[@]:$1+1}")
        return 0
    done
    return 1
}

# Offer those of RECORDS, which are options, that are still allowed.
_vshell_offer_options() {
    local record group texts=()
    for record in "${RECORDS[@]}"; do
        group=${record#*|}
        group=${group%%|*}
        [[ $group == 0 || $USED != *" $group "* ]] && texts+=("${record%%|*}")
    done
    _vshell_offer "$1" "${texts[@]}"
}

_vshell() {
    local WORDS CUT RECORDS RECORD ALIASES=() CONTEXT=() USED=' ' PROGRAM
    local node='' flags=1 wanted='' name='' count=0 expanded=0 index word sort rest
    COMPREPLY=()
    _vshell_split
    PROGRAM=${WORDS[0]/#\~/$HOME}
    for ((index = 1; index < ${#WORDS[@]} - 1; index++)); do
        word=${WORDS[index]}
        if [[ -n $wanted ]]; then
            [[ $name == --@(server|data|owner) ]] && CONTEXT+=("$name" "$word")
            wanted=''
        elif [[ $word == -- && $flags == 1 ]]; then
            flags=0
        elif [[ $word == -?* ]]; then
            if ((flags)); then _vshell_flags; else _vshell_options "$node"; fi
            _vshell_find "${word%%=*}" || continue
            name=${RECORD%%|*} rest=${RECORD#*|}
            USED+="${rest%%|*} " sort=${rest#*|}
            [[ $name == --local ]] && CONTEXT+=(--local '')
            if [[ $sort != none && $word != *=* ]]; then
                wanted=$sort
            elif [[ $name == --@(server|data|owner) ]]; then
                CONTEXT+=("$name" "${word#*=}")
            fi
        else
            flags=0
            _vshell_words "$node"
            if ((${#RECORDS[@]} == 0)); then
                count=$((count + 1))
                [[ $node == watch ]] && node='watch INTERVAL' count=0
            elif _vshell_find "$word"; then
                node=${RECORD#*|}
            elif ((!expanded)) && _vshell_begins "$node" && _vshell_expand "$index"; then
                expanded=1 index=$((index - 1))
            else
                return
            fi
        fi
    done
    word=${WORDS[-1]}
    if [[ -n $wanted ]]; then
        _vshell_values "$wanted" "$word" ''
        return
    fi
    if ((flags)); then _vshell_flags; else _vshell_options "$node"; fi
    if [[ $word == -*=* ]]; then
        _vshell_find "${word%%=*}" && rest=${RECORD#*|} && _vshell_values "${rest#*|}" "${word#*=}" "${word%%=*}="
        return
    elif [[ $word == -* ]]; then
        _vshell_offer_options "$word"
        return
    fi
    _vshell_words "$node"
    if ((${#RECORDS[@]})); then
        _vshell_begins "$node" && _vshell_aliases "$word"
        _vshell_offer "$word" "${RECORDS[@]%%|*}" "${ALIASES[@]%%$'\t'*}"
        return
    fi
    _vshell_positionals "$node"
    if ((${#RECORDS[@]})); then
        ((count >= ${#RECORDS[@]})) && [[ ${RECORDS[-1]} == *... ]] && count=$((${#RECORDS[@]} - 1))
        sort=${RECORDS[count]-any}
        _vshell_values "${sort%...}" "$word" ''
    fi
    if [[ -z $word && ${#COMPREPLY[@]} == 0 ]]; then
        _vshell_options "$node"
        _vshell_offer_options ''
    fi
}

complete -o nosort -F _vshell vshell
