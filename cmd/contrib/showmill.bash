# bash completion for showmill and digest                  -*- shell-script -*-

_showmill_commands() { # group
	case $1 in
	feed) echo build diff import move ping ;;
	digest) echo preview send status resend settle reconcile report discard \
	    archive ;;
	friend) echo add remove list import export ;;
	episode) echo new list show next table ;;
	media) echo probe transcript doctor ;;
	esac
}

_showmill_options() { # group, command
	local edition='--show --episode --since --until --again --at --keep-going'

	case $1-$2 in
	feed-build) echo --show --out --at --keep-going --refresh --strict ;;
	feed-diff) echo --ignore --json ;;
	feed-import) echo --show --dir --media --keep-going --dry-run ;;
	feed-move) echo --show --check --dry-run ;;
	feed-ping) echo --show --out --dry-run ;;
	digest-preview) echo $edition --out --to --language --shows --open \
	    --links --spam ;;
	digest-send) echo $edition --yes --dry-run --late --force --links \
	    --spam --to --language --shows ;;
	digest-status) echo --show --failed --unknown --deferred --sent --watch \
	    --csv --json ;;
	digest-resend) echo --show --unknown --failed --friend --yes ;;
	digest-settle) echo --show --unknown --friend --sent --failed ;;
	digest-reconcile) echo --show --log --zone --by-address --dry-run --json ;;
	digest-report) echo --show --out ;;
	digest-archive) echo --show --out ;;
	digest-discard) echo --show --yes ;;
	friend-add) echo --show --name --language --shows --zone --rejoin ;;
	friend-list) echo --show --all --json ;;
	friend-import) echo --show --rejoin --keep-going ;;
	friend-remove | friend-export | episode-new) echo --show ;;
	episode-list | episode-next) echo --show --at --json ;;
	episode-show) echo --show --json ;;
	episode-table) echo --show --out ;;
	media-probe) echo --json --write --dry-run --show ;;
	media-transcript) echo --to --out --lossy ;;
	media-doctor) echo --show --at --all ;;
	publish-) echo --show --out --against --allow --keep-going \
	    --refresh --strict --dry-run ;;
	init-) echo --episodes --slug --dry-run ;;
	esac
}

# What a list has under a key: showmill's arguments stand behind the key.
_showmill_known() { # key, argument ...
	local key=$1

	shift
	showmill "$@" --json 2>/dev/null |
	    sed -n "s/^ *\"$key\": \"\([^\"\\\\]*\)\",*\$/\1/p" | sort -u
}

_showmill() {
	local cur=${COMP_WORDS[COMP_CWORD]} prev=${COMP_WORDS[COMP_CWORD - 1]}
	local group='' command='' i word
	local common='-c -q -v --help' config=()

	COMPREPLY=()
	[[ ${COMP_WORDS[0]##*/} = digest ]] && group=digest
	for ((i = 1; i < COMP_CWORD; i++)); do
		word=${COMP_WORDS[i]}
		if [[ $word = -c ]]; then
			config=(-c "${COMP_WORDS[++i]}")
		elif [[ $word = -* ]]; then
			continue
		elif [[ -z $group ]]; then
			group=$word
		elif [[ -z $command ]]; then
			command=$word
		fi
	done
	case $prev in
	-c | --log)
		mapfile -t COMPREPLY < <(compgen -f -- "$cur")
		return
		;;
	--out | --dir)
		mapfile -t COMPREPLY < <(compgen \
		    "$([[ $group-$command =~ ^(episode-table|digest-report)$ ]] && echo -f || echo -d)" -- "$cur")
		return
		;;
	--show)
		mapfile -t COMPREPLY < <(compgen -W \
		    "$(_showmill_known show episode list "${config[@]}")" -- "$cur")
		return
		;;
	--ignore | --zone | --episode | --since | --at | --to | --friend | --name | \
	    --language | --shows)
		return
		;;
	esac
	if [[ $cur = -* ]]; then
		mapfile -t COMPREPLY < <(compgen -W \
		    "$common $(_showmill_options "$group" "$command")" -- "$cur")
	elif [[ -z $group ]]; then
		mapfile -t COMPREPLY < <(compgen -W \
		    'feed digest friend episode media publish init help' -- "$cur")
	elif [[ $group = init ]]; then
		mapfile -t COMPREPLY < <(compgen -d -- "$cur")
	elif [[ -z $command ]]; then
		mapfile -t COMPREPLY < <(compgen -W \
		    "$(_showmill_commands "$group")" -- "$cur")
	elif [[ $group-$command =~ ^digest-(status|resend|settle|reconcile|report|discard)$ ]]; then
		mapfile -t COMPREPLY < <(compgen -W \
		    "$(_showmill_known edition digest status "${config[@]}")" -- "$cur")
	elif [[ $group-$command = friend-import || $group-$command = feed-diff ||
	    $group-$command = feed-import || $group-$command = episode-show ||
	    $group-$command = media-probe ]]; then
		mapfile -t COMPREPLY < <(compgen -f -- "$cur")
	fi
}

complete -F _showmill showmill digest
