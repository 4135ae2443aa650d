#!/usr/bin/env bash
# tfjs-node.sh FOLDER [PACKAGE] [WHEEL]
#
# Builds tfjs-node in FOLDER from its sources in the npm package, against the TensorFlow library of a wheel
# from PyPI: for machines that reach the two package registries but not the servers with the prebuilt
# binaries. No part of an install. TFJS_NODE=FOLDER npm run bench -- engine --engine onnx,tfjs-node times it.
#
#   PACKAGE  tfjs-node (default) or tfjs-node-gpu
#   WHEEL    default tensorflow-cpu==2.15.1. tensorflow==2.15.1 is its build for CUDA: it builds and loads
#            without a GPU; on one, with CUDA 12.2 and cuDNN 8.9 on the library path, it has not been tried.
#
# Needs node, npm, python3 with pip, make and a C++ compiler; 1.5 GB of disk while it builds (CUDA: 4 GB).
# NODE_HEADERS names the folder whose include/node holds Node's headers, if not the one node is installed in.
set -euo pipefail

folder=${1:?usage: tfjs-node.sh FOLDER [PACKAGE] [WHEEL]}
package=${2:-tfjs-node}
wheel=${3:-tensorflow-cpu==2.15.1}
headers=${NODE_HEADERS:-$(dirname "$(dirname "$(readlink -f "$(command -v node)")")")}

mkdir -p "$folder"
cd "$folder"
[ -e package.json ] || echo '{ "name": "tfjs-node-build", "private": true }' > package.json
# Without scripts: the package's own would try to download the binary.
npm install --ignore-scripts --no-audit --no-fund --loglevel error "@tensorflow/$package@4.22.0"

built=$PWD/node_modules/@tensorflow/$package
mkdir -p wheel "$built/deps/lib"
# The C library is the same in the wheels for all versions of Python.
python3 -m pip download --quiet --no-deps --only-binary=:all: --python-version 3.11 \
  --platform "manylinux_2_17_$(uname -m)" --dest wheel "$wheel"
python3 - wheel/*.whl "$built/deps" <<'PYTHON'
import os, shutil, sys, zipfile

*wheels, target = sys.argv[1:]
with zipfile.ZipFile(max(wheels, key=os.path.getmtime)) as archive:
    for name in archive.namelist():
        part, _, file = name.removeprefix('tensorflow/').rpartition('/')
        library = part == '' and file.startswith(('libtensorflow_cc.so.', 'libtensorflow_framework.so.'))
        if file == '':
            continue
        if library:
            place = os.path.join(target, 'lib', file)
        elif part.startswith(('include/tensorflow/c', 'include/tsl')):
            place = os.path.join(target, part, file)
        else:
            continue
        os.makedirs(os.path.dirname(place), exist_ok=True)
        with archive.open(name) as source, open(place, 'wb') as copy:
            shutil.copyfileobj(source, copy)
PYTHON
rm -r wheel
# The names that tfjs-node links by.
ln -sf libtensorflow_cc.so.2 "$built/deps/lib/libtensorflow.so"
ln -sf libtensorflow_framework.so.2 "$built/deps/lib/libtensorflow_framework.so"

gyp=$(dirname "$(readlink -f "$(command -v npm)")")/../node_modules/node-gyp/bin/node-gyp.js
nodedir=()
if [ -e "$headers/include/node/node_api.h" ]; then nodedir=("--nodedir=$headers"); fi
cd "$built"
JOBS=1 node "$gyp" rebuild --loglevel=error "${nodedir[@]}" -- \
  -Dnapi_build_version=8 -Dmodule_name=tfjs_binding "-Dmodule_path=$built/lib/napi-v8"
TF_CPP_MIN_LOG_LEVEL=1 node -e "
  const tf = require('$built');
  const gpu = tf.backend().isUsingGpuDevice ? 'a GPU' : 'the processor';
  console.log('$package', tf.version['tfjs-node'], 'computes on', gpu, tf.matMul(tf.ones([2, 3]), tf.ones([3, 2])).arraySync());
"
