# vshell's completion for fish, written by 'python -m vshell.export': do not edit.
@TABLES@
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
    test "$argv[1]" = ''; or test "$argv[1]" = '@AGAIN@'
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
    command $program --complete '@ALIASES@' "$argv[1]" 2>/dev/null
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
                test "$node" = watch; and set node '@AGAIN@'; and set count 1
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
