#compdef vshell
# vshell's completion for zsh, written by 'python -m vshell.export': do not edit.
@TABLES@
# The one of records that begins with the word, or that it is the only beginning of: record.
_vshell_find() {
    local -a found
    found=("${(@M)records:#${(b)1}|*}")
    (( $#found )) || found=("${(@M)records:#${(b)1}*}")
    (( $#found == 1 )) || return 1
    record=$found[1]
}

# Offer texts; each may have an explanation behind a tab.
_vshell_offer() {
    local line word
    local -a offers
    for line in "${@:2}"; do
        word=${line%%$'\t'*} line=${line#*$'\t'}
        word=${${word//\\/\\\\}//:/\\:}
        offers+=("$word${line:+:$line}")
    done
    (( $#offers )) && _describe -V -t "$1" "$1" offers
}

# Offer the values of one sort for what is typed of the word.
_vshell_values() {
    local line
    local -a texts taken
    case $1 in
    file) _files; return ;;
    some:*|lives:*)
        [[ $PREFIX == *,* ]] && taken=("${(@s:,:)PREFIX%,*}")
        compset -P '*,'
        ;;
    esac
    case $1 in
    one:*|some:*)
        for line in "${(@s:,:)1#*:}"; do texts+=("$line"$'\t') done
        ;;
    live:*|lives:*)
        texts=("${(@f)$(command "$program" --complete "${1#*:}" "${(Q)PREFIX}" "$context[@]" 2>/dev/null)}")
        ;;
    esac
    for line in "$taken[@]"; do texts=("${(@)texts:#${(b)line}$'\t'*}") done
    _vshell_offer value "${(@)texts:#}"
}

# Offer those of records, which are options, that are still allowed.
_vshell_offer_options() {
    local line
    local -a part texts
    for line in "$records[@]"; do
        part=("${(@s:|:)line}")
        [[ $part[2] == 0 || $used != *" $part[2] "* ]] && texts+=("$part[1]"$'\t'"${line#*|*|*|}")
    done
    _vshell_offer option "$texts[@]"
}

# Tell whether a line begins at the node, so that an alias may stand there.
_vshell_begins() {
    [[ -z $1 || $1 == '@AGAIN@' ]]
}

# The user's aliases that begin with the word, each with its meaning behind a tab: own. Without any in the
# settings file nothing is started.
_vshell_aliases() {
    local file=${XDG_CONFIG_HOME:-$HOME/.config}/vshell/settings.toml
    own=()
    if [[ -f $file ]]; then
        [[ "$(<$file)" == *alias* ]] || return
    elif [[ $OSTYPE == linux* ]]; then
        return
    fi
    own=("${(@f)$(command "$program" --complete '@ALIASES@' "$1" 2>/dev/null)}")
    own=("${(@)own:#}")
}

_vshell() {
    emulate -L zsh
    setopt extended_glob
    local node='' wanted='' name='' used=' ' word line record program=${(Q)words[1]/#\~/$HOME}
    local -i flags=1 count=0 expanded=0 index
    local -a records context part texts typed own
    typed=("${(@Q)words[1,CURRENT-1]}")
    for (( index = 2; index <= $#typed; index++ )); do
        word=$typed[index]
        if [[ -n $wanted ]]; then
            [[ $name == --(server|data|owner) ]] && context+=("$name" "$word")
            wanted=''
        elif [[ $word == -- && $flags == 1 ]]; then
            flags=0
        elif [[ $word == -?* ]]; then
            if (( flags )); then _vshell_flags; else _vshell_options "$node"; fi
            _vshell_find "${word%%=*}" || continue
            part=("${(@s:|:)record}")
            name=$part[1]
            used+="$part[2] "
            [[ $name == --local ]] && context+=(--local '')
            if [[ $part[3] != none && $word != *=* ]]; then
                wanted=$part[3]
            elif [[ $name == --(server|data|owner) ]]; then
                context+=("$name" "${word#*=}")
            fi
        else
            flags=0
            _vshell_words "$node"
            if (( $#records == 0 )); then
                count+=1
                [[ $node == watch ]] && node='@AGAIN@' count=0
            elif _vshell_find "$word"; then
                node=${${record#*|}%%|*}
            elif (( ! expanded )) && _vshell_begins "$node" && _vshell_aliases "$word" &&
                line=${(M)own:#${(b)word}$'\t'*} && [[ -n $line ]]; then
                typed[index]=("${(@Q)${(z)line#*$'\t'}}")
                expanded=1 index+=-1
            else
                return 1
            fi
        fi
    done
    if [[ -n $wanted ]]; then
        _vshell_values "$wanted"
        return
    fi
    if (( flags )); then _vshell_flags; else _vshell_options "$node"; fi
    if [[ $PREFIX == -*=* ]]; then
        _vshell_find "${PREFIX%%=*}" || return 1
        part=("${(@s:|:)record}")
        compset -P 1 '*='
        _vshell_values "$part[3]"
        return
    elif [[ $PREFIX == -* ]]; then
        _vshell_offer_options
        return
    fi
    _vshell_words "$node"
    if (( $#records )); then
        for line in "$records[@]"; do texts+=("${line%%|*}"$'\t'"${line#*|*|}") done
        _vshell_begins "$node" && _vshell_aliases "$PREFIX" && texts+=("$own[@]")
        _vshell_offer command "$texts[@]"
        return
    fi
    _vshell_positionals "$node"
    if (( $#records )); then
        (( count >= $#records )) && [[ $records[-1] == *... ]] && count=$(( $#records - 1 ))
        line=${records[count+1]:-any}
        _vshell_values "${line%...}" && return
    fi
    if [[ -z $PREFIX ]]; then
        _vshell_options "$node"
        _vshell_offer_options
    fi
}

if [[ $funcstack[1] == _vshell ]]; then
    _vshell "$@"
else
    compdef _vshell vshell
fi
