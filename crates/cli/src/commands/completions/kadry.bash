# Completes kadry in bash: source <(kadry completions bash)
_kadry() {
    local line=${COMP_LINE:0:COMP_POINT} words=() word= quote= begun= home= kept= outside= char next i
    COMPREPLY=()
    # bash itself splits words at ":" and "=" too, which kadry does not: KEPT is what of a word stands before the part bash replaces.
    for ((i = 0; i < ${#line}; i++)); do
        char=${line:i:1} next=${line:i+1:1}
        if [[ $char == "$quote" ]]; then
            quote= kept=$outside
        elif [[ $quote == "'" ]]; then
            word+=$char
        elif [[ $char$next == [\`]* || $char$next == \$[\(\{\[\']* || $char$quote == \( ]]; then
            # Only running it would tell what the words are, and which quotes they need.
            return
        elif [[ $char == \\ ]]; then
            [[ $quote == \" && $next != [\"\\\$\`] ]] && word+=$char
            word+=$next begun=1
            ((++i))
        elif [[ -n $quote ]]; then
            word+=$char
        elif [[ $char == [\"\'] ]]; then
            quote=$char begun=1 outside=$kept kept=$word
        elif [[ $char == [[:space:]] ]]; then
            [[ -n $begun ]] && words+=("$word")
            word= begun= home= kept=
        else
            [[ $char$next == '~/' && -z $begun ]] && home='~/'
            [[ $char == @ && $COMP_WORDBREAKS == *@* ]] && kept=$word
            word+=$char begun=1
            [[ $char != @ && $COMP_WORDBREAKS == *"$char"* ]] && kept=$word
        fi
    done
    words+=("$word")
    while ((${#words[@]} > 1)) && [[ ${words[0]} != "$1" ]]; do
        words=("${words[@]:1}")
    done
    words[0]=kadry

    local found ends
    compopt +o nospace 2>/dev/null
    while IFS=$'\t' read -r found _; do
        ends=$found
        _kadry_quoted || continue
        COMPREPLY+=("$found")
        [[ $ends == *[:=/] ]] && compopt -o nospace 2>/dev/null
    done < <(KADRY_COMPLETE=$((${#words[@]} - 1)) command kadry -- "${words[@]}" 2>/dev/null)
}
# What is found may come from a configuration or a folder of somebody else, and bash puts it on the line as it is: quoting it is up to us.
_kadry_quoted() {
    [[ $found == "$kept"?* ]] || return
    local rest=${found:${#kept}} char i
    found=
    if [[ -z $quote ]]; then
        # A tilde that was typed stands for the home folder, one that is found does not.
        [[ -n $home && -z $kept && $rest == "$home"?* ]] && found=$home rest=${rest:2}
        [[ $rest == *[^[:alnum:]_.,:/=@+-]* ]] && printf -v rest %q "$rest"
        found+=$rest
        return
    fi
    # Within double quotes nothing takes from "!" its meaning and leaves no trace.
    [[ $quote == \" && $rest == *!* ]] && return 1
    for ((i = 0; i < ${#rest}; i++)); do
        char=${rest:i:1}
        case $quote$char in
            \'\') found+="'\\''" ;;
            \"[\"\\\$\`]) found+=\\$char ;;
            *) found+=$char ;;
        esac
    done
    # bash adds the closing quote, unless the last character is one, and takes an opening one away when the first character is one.
    case $quote in
        \') [[ $rest == \'* ]] && found=\'$found
            [[ $rest != *\' ]] || found=${found%\'} ;;
        \") [[ $rest != *\" ]] || found+=\" ;;
    esac
}
complete -o nosort -F _kadry kadry 2>/dev/null || complete -F _kadry kadry
