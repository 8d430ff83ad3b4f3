# The Airflow image of this project: the official one, the pinned packages, the code.
ARG AIRFLOW_IMAGE=apache/airflow:3.3.2-python3.11
# hadolint ignore=DL3006
FROM ${AIRFLOW_IMAGE}

COPY requirements.txt /opt/jobmarket/requirements.txt
# the pins hold the image's own Airflow version too, so that pip cannot move it
RUN pip install --no-cache-dir --require-hashes -r /opt/jobmarket/requirements.txt

COPY dags/ ${AIRFLOW_HOME}/dags/
COPY plugins/ ${AIRFLOW_HOME}/plugins/
COPY include/ ${AIRFLOW_HOME}/include/
# the stand-in of the France Travail API: `python -m sandbox`
COPY sandbox/ ${AIRFLOW_HOME}/sandbox/
