"""Tables every floor needs. They hold ids and names as values: no foreign key leaves this floor."""

from django.db import models

from caprse.base import clock
from caprse.base.enums import JobState, MailState
from caprse.base.ids import new_public_id
from caprse.base.triggers import append_only


class Anchored(models.Model):
    """Where a row belongs, as plain ids, so that it can be found and walled without joining upwards."""

    region_id = models.BigIntegerField("région", null=True)
    cohort_id = models.BigIntegerField("cohorte", null=True)
    organisation_id = models.BigIntegerField("organisation", null=True)
    participation_id = models.BigIntegerField("parcours", null=True, db_index=True)

    class Meta:
        abstract = True


@append_only
class AuditEvent(Anchored):
    """Journal: who did what to what, when. Ids only, no personal value; never changed, never deleted."""

    at = models.DateTimeField("date", default=clock.now)
    actor_id = models.BigIntegerField("auteur·rice", null=True)
    verb = models.CharField("acte", max_length=60)
    target_type = models.CharField("type d’objet", max_length=60)
    target_id = models.BigIntegerField("objet")
    details = models.JSONField("précisions", default=dict)

    class Meta:
        verbose_name = "événement du journal"
        verbose_name_plural = "événements du journal"
        indexes = [models.Index(fields=["target_type", "target_id"], name="audit_event_target")]

    def __str__(self):
        return f"{self.verb} {self.target_type}:{self.target_id}"


class OutboxMessage(models.Model):
    """A mail to send: its kind and ids. Text and secrets are made when it is sent."""

    kind = models.CharField("type", max_length=60)
    recipient_id = models.BigIntegerField("destinataire")
    payload = models.JSONField("identifiants", default=dict)
    state = models.CharField("état", max_length=10, choices=MailState, default=MailState.PENDING)
    attempts = models.PositiveSmallIntegerField("essais", default=0)
    created_at = models.DateTimeField("créé le", default=clock.now)
    lease_until = models.DateTimeField("réservé jusqu’à", null=True)
    sent_at = models.DateTimeField("envoyé le", null=True)
    # What must leave once only: a person's reminder of the day.
    once_key = models.CharField("une seule fois", max_length=80, null=True)  # noqa: DJ001  unique where it is given
    error = models.CharField("erreur", max_length=300, blank=True, default="")
    # Kept by the demonstration alone, to show what would have left.
    shown_to = models.CharField("adresse", max_length=254, blank=True, default="")
    shown_subject = models.CharField("objet", max_length=200, blank=True, default="")
    shown_body = models.TextField("texte", blank=True, default="")

    class Meta:
        verbose_name = "courriel à envoyer"
        verbose_name_plural = "courriels à envoyer"
        indexes = [models.Index(fields=["state", "created_at"], name="outbox_message_waiting")]
        constraints = [
            models.UniqueConstraint(fields=["once_key"], name="outbox_message_once"),
            models.CheckConstraint(
                name="outbox_message_sent_has_date",
                condition=models.Q(state=MailState.SENT, sent_at__isnull=False)
                | (~models.Q(state=MailState.SENT) & models.Q(sent_at__isnull=True)),
            ),
        ]

    def __str__(self):
        return f"{self.kind} #{self.pk}"


class StoredFileQuerySet(models.QuerySet):
    def visible_to(self, actor):
        """Documents this actor asked for, as long as they may still read that participation."""
        return self.filter(created_by_id=actor.user_id, participation_id__in=actor.readable_participations())


class StoredFile(Anchored):
    """A file of the product, found by the hash of its content."""

    public_id = models.CharField(max_length=12, unique=True, default=new_public_id, editable=False)
    name = models.CharField("nom", max_length=120)
    media_type = models.CharField("type", max_length=100)
    size = models.PositiveBigIntegerField("taille en octets")
    sha256 = models.CharField("empreinte", max_length=64, db_index=True)
    created_at = models.DateTimeField("créé le", default=clock.now)
    created_by_id = models.BigIntegerField("créé par", null=True)
    # Made to be shown outside the network: it leaves with the structure's name, without the restriction to members.
    publishable = models.BooleanField("à diffuser", default=False)

    objects = StoredFileQuerySet.as_manager()

    class Meta:
        verbose_name = "fichier"

    def __str__(self):
        return self.name


@append_only
class Download(Anchored):
    """Register of everything that left the product: who, for which structure, which file, under which number."""

    number = models.CharField("numéro de registre", max_length=20, unique=True)
    at = models.DateTimeField("date", default=clock.now)
    # None: a command of whoever runs the site.
    user_id = models.BigIntegerField("personne", null=True)
    person = models.CharField("nom", max_length=160)
    acting_for = models.CharField("structure", max_length=200)
    file_id = models.BigIntegerField("fichier")
    file_name = models.CharField("nom du fichier", max_length=120)
    sha256 = models.CharField("empreinte du fichier", max_length=64)

    class Meta:
        verbose_name = "téléchargement"

    def __str__(self):
        return self.number


class JobQuerySet(models.QuerySet):
    def visible_to(self, actor):
        """Work this actor asked for."""
        return self.filter(created_by_id=actor.user_id)

    def recoverable(self, moment):
        """Work no worker is busy with: lost by the queue, or held by a worker that died."""
        return self.filter(
            models.Q(state=JobState.QUEUED, wake_after__lte=moment)
            | models.Q(state=JobState.RUNNING, lease_until__lte=moment)
        )


class Job(Anchored):
    """Background work. This row is the truth; the queue only wakes a worker."""

    public_id = models.CharField(max_length=12, unique=True, default=new_public_id, editable=False)
    kind = models.CharField("type", max_length=100)
    payload = models.JSONField("identifiants", default=dict)
    title = models.CharField("intitulé", max_length=160)
    state = models.CharField("état", max_length=10, choices=JobState, default=JobState.QUEUED)
    progress = models.PositiveSmallIntegerField("avancement, en %", default=0)
    message = models.CharField("étape", max_length=200, blank=True, default="")
    attempts = models.PositiveSmallIntegerField("essais", default=0)
    created_at = models.DateTimeField("demandé le", default=clock.now)
    created_by_id = models.BigIntegerField("demandé par", null=True)
    wake_after = models.DateTimeField("à relancer après", default=clock.now)
    lease_until = models.DateTimeField("réservé jusqu’à", null=True)
    finished_at = models.DateTimeField("terminé le", null=True)
    result = models.ForeignKey(StoredFile, verbose_name="résultat", null=True, on_delete=models.PROTECT)

    objects = JobQuerySet.as_manager()

    class Meta:
        verbose_name = "travail"
        verbose_name_plural = "travaux"
        indexes = [models.Index(fields=["state", "wake_after"], name="job_waiting")]
        constraints = [
            models.CheckConstraint(name="job_progress_is_a_percentage", condition=models.Q(progress__lte=100)),
        ]

    def __str__(self):
        return f"{self.kind} {self.public_id}"


class Heartbeat(models.Model):
    """Last time a task enqueued by the timetable was executed by a worker, in real time."""

    name = models.CharField("nom", max_length=40, unique=True)
    at = models.DateTimeField("date")
    # What it found wrong, empty when all is well; never anything about a person.
    problem = models.CharField("problème", max_length=200, blank=True, default="")

    class Meta:
        verbose_name = "battement"

    def __str__(self):
        return self.name


class PersonalLink(models.Model):
    """A link sent to one person for one purpose: only the hash of its token is kept. Voided, it no longer opens."""

    purpose = models.CharField("usage", max_length=20)
    target_id = models.BigIntegerField("objet")
    digest = models.CharField("empreinte du jeton", max_length=64, unique=True)
    made_at = models.DateTimeField("créé le", default=clock.now)
    voided_at = models.DateTimeField("annulé le", null=True)

    class Meta:
        verbose_name = "lien personnel"
        verbose_name_plural = "liens personnels"
        indexes = [models.Index(fields=["purpose", "target_id"], name="personal_link_target")]

    def __str__(self):
        return f"{self.purpose} {self.target_id}"
