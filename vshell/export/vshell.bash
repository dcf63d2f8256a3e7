# vshell's completion for bash, written by 'python -m vshell.export': do not edit.
@TABLES@
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
    [[ -z $1 || $1 == '@AGAIN@' ]]
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
    mapfile -t ALIASES < <(command "$PROGRAM" --complete '@ALIASES@' "$1" 2>/dev/null)
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
                [[ $node == watch ]] && node='@AGAIN@' count=0
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
