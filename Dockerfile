# The Airflow image of this project: the official one, the pinned packages, the code.
# `slim` has no provider but those that are pinned here, and is half as large
ARG AIRFLOW_IMAGE=apache/airflow:slim-3.3.2-python3.11
# hadolint ignore=DL3006
FROM ${AIRFLOW_IMAGE}

COPY requirements.txt /opt/jobmarket/requirements.txt
# the pins hold the image's own Airflow version too, so that pip cannot move it
RUN pip install --no-cache-dir --require-hashes -r /opt/jobmarket/requirements.txt \
    # the official image keeps nothing compiled: each new container would compile all of Airflow anew, for half a minute
    && { python -m compileall -q -j 0 "${AIRFLOW_USER_HOME_DIR}/.local/lib" \
    || echo "not compiled: files of packages that are no Python, such as templates"; }

# owned by the user that the containers run as
COPY --chown=airflow:0 dags/ ${AIRFLOW_HOME}/dags/
COPY --chown=airflow:0 plugins/ ${AIRFLOW_HOME}/plugins/
COPY --chown=airflow:0 include/ ${AIRFLOW_HOME}/include/
# the stand-in of the France Travail API: `python -m sandbox`
COPY --chown=airflow:0 sandbox/ ${AIRFLOW_HOME}/sandbox/
# what prepares the databases, what checks health, what the scheduler imports once
COPY --chown=airflow:0 containers/ ${AIRFLOW_HOME}/containers/
COPY --chown=airflow:0 local/preload.py ${AIRFLOW_HOME}/containers/preload.py
RUN python -m compileall -q "${AIRFLOW_HOME}"
# so that `python -m jobmarket.airflow.doctor` finds the package, as Airflow does
ENV PYTHONPATH=${AIRFLOW_HOME}/plugins
# the official image has no such folder, and a volume on a missing one belongs to root
RUN mkdir -p "${AIRFLOW_HOME}/config"
# the image's own user, by its number: what runs here is never root
USER 50000
