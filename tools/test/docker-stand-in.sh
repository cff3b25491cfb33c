#!/bin/sh
# In Docker's place for tests: keeps each call and what it was told by the environment, answers what the files of
# $HOME/answers say. A file is named after the words that have to stand in the call.
dir=$HOME
echo "$*" >>"$dir/calls"
env | sort >"$dir/environment"
for file in "$dir"/answers/*; do
  [ -e "$file" ] || continue
  pattern=${file##*/}
  case " $* " in
  *" $pattern "*)
    [ "${pattern#*pg_restore}" = "$pattern" ] || cat >>"$dir/restored"
    sed '1d' "$file"
    exit "$(head -n 1 "$file")"
    ;;
  esac
done
exit 0
