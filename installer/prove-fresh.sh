#!/usr/bin/env bash
# Proves that a fresh clone works on a bare Debian 12: makes one with debootstrap in a folder, puts a
# clone of the last commit in it and runs the README's two commands there, with nothing installed by
# hand, no display and an empty home. By hand, as root; takes half an hour and 6 GB. The package
# archives are the ones this machine is set up for.
#
#   bash installer/prove-fresh.sh FOLDER [--sudo] [--keep]
#
#   --sudo   run as an ordinary user who may use sudo, instead of as root
#   --keep   leave the folder there afterwards (everything is unmounted in any case)
set -euo pipefail

root=
user=root
keep=no
for argument in "$@"; do
    case "$argument" in
    --sudo) user=someone ;;
    --keep) keep=yes ;;
    -*) echo "prove-fresh.sh: unknown option $argument" >&2; exit 2 ;;
    *) root=$argument ;;
    esac
done
if [ -z "$root" ] || [ "$(id -u)" -ne 0 ] || ! command -v debootstrap >/dev/null; then
    echo "usage (as root, with debootstrap): bash installer/prove-fresh.sh FOLDER [--sudo] [--keep]" >&2
    exit 2
fi
if [ -e "$root" ]; then
    echo "prove-fresh.sh: $root exists; name a folder that does not" >&2
    exit 2
fi
source=$(cd "$(dirname "$0")/.." && pwd)

# Of this machine's own files nothing is mounted into the folder but the kernel's view of the
# processes, and nothing is removed while a mount is left.
cleanUp() {
    local place
    for place in "$root/dev/shm" "$root/proc"; do
        if mountpoint -q "$place"; then
            umount "$place" || umount -l "$place"
        fi
    done
    if grep -qF " $root/" /proc/self/mounts; then
        echo "prove-fresh.sh: something is still mounted below $root; it is left as it is" >&2
    elif [ "$keep" = no ]; then
        rm -rf --one-file-system "$root"
    fi
}
mkdir -p "$root"
root=$(cd "$root" && pwd)
trap cleanUp EXIT

# shellcheck disable=SC2016 # apt's own variable
mirror=$(apt-get indextargets --format '$(REPO_URI)' 'Created-By: Packages' 'Codename: bookworm' |
    sort -u | head -n 1)
if [ -z "$mirror" ]; then
    echo "prove-fresh.sh: apt on this machine is set up for no archive of Debian 12 (bookworm)" >&2
    exit 1
fi
debootstrap --variant=minbase bookworm "$root" "$mirror"

# The same archives, proxies and certificates as here; otherwise as Debian made it.
for kept in apt/sources.list apt/sources.list.d apt/apt.conf.d apt/auth.conf.d apt/preferences.d \
        apt/trusted.gpg.d apt/keyrings pip.conf; do
    if [ -e "/etc/$kept" ]; then
        rm -rf "${root:?}/etc/$kept"
        cp -a "/etc/$kept" "$root/etc/$kept"
    fi
done
mkdir -p "$root/usr/share/keyrings" "$root/usr/local/share/ca-certificates"
cp -an /usr/share/keyrings/. "$root/usr/share/keyrings/"
cp -a /usr/local/share/ca-certificates/. "$root/usr/local/share/ca-certificates/"
cp -L /etc/resolv.conf /etc/hosts "$root/etc/"
mount -t proc proc "$root/proc"
mkdir -p "$root/dev/shm"
mount -t tmpfs -o mode=1777 tmpfs "$root/dev/shm"

home=/root
inside=(chroot)
if [ "$user" != root ]; then
    home=/home/$user
    settings=(env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin DEBIAN_FRONTEND=noninteractive)
    chroot "$root" "${settings[@]}" apt-get update -q
    chroot "$root" "${settings[@]}" apt-get install -q -y --no-install-recommends sudo
    chroot "$root" useradd --create-home --shell /bin/bash "$user"
    echo "$user ALL=(ALL) NOPASSWD: ALL" >"$root/etc/sudoers.d/$user"
    inside+=("--userspec=$user:$user")
fi

# A clone, not a copy: what is not committed does not count.
git clone -q --no-hardlinks "$source" "$root$home/bitstack-workbench"
chroot "$root" chown -R "$user" "$home/bitstack-workbench"

# Of the environment only what says how to reach the network.
environment=(PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin "HOME=$home" LC_ALL=C.UTF-8)
while IFS= read -r name; do
    environment+=("$name=${!name}")
done < <(compgen -e | grep -E '^(PIP_.*|SSL_CERT_.*|(https?|ftp|all|no)_proxy|(HTTPS?|FTP|ALL|NO)_PROXY)$' || true)

run() {
    printf '\n== in the fresh system, as %s: %s (after %d s)\n' "$user" "$1" "$SECONDS"
    "${inside[@]}" "$root" env -i "${environment[@]}" /bin/bash -c "cd ~/bitstack-workbench && $1"
}
run 'bash installer/run.sh'
run 'bash tests/run.sh'
printf '\n== both commands work on a fresh Debian 12 (%d s)\n' "$SECONDS"
